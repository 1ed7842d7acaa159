using Repro.Engine.Numerics;

namespace Repro.Engine.Judging;

/// <summary>How much is run.</summary>
public enum Profile
{
    /// <summary>Seconds: does everything work.</summary>
    Smoke,

    /// <summary>Minutes: are the trends visible.</summary>
    Quick,

    /// <summary>The paper's own scale.</summary>
    Paper,
}

/// <summary>Names of the profiles as they are typed and printed.</summary>
public static class Profiles
{
    /// <summary><c>smoke</c>, <c>quick</c> or <c>paper</c>.</summary>
    public static string Name(this Profile profile) => profile switch
    {
        Profile.Smoke => "smoke",
        Profile.Quick => "quick",
        Profile.Paper => "paper",
        _ => throw Unknown.Member(profile),
    };

    /// <summary>The profile of that name.</summary>
    /// <exception cref="FormatException">There is none.</exception>
    public static Profile Parse(string name) => name switch
    {
        "smoke" => Profile.Smoke,
        "quick" => Profile.Quick,
        "paper" => Profile.Paper,
        _ => throw new FormatException(
            $"there is no profile '{name}'; choose smoke, quick or paper"),
    };
}
