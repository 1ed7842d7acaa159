namespace Repro.Engine.Data;

/// <summary>
/// The folder that data files live in. It need not exist: the first download creates it.
/// </summary>
public sealed class DataFolder
{
    /// <summary>Name of the environment variable that points at a data folder.</summary>
    public const string Variable = "REPRO_DATA";

    private DataFolder(string path, string origin)
    {
        Path = System.IO.Path.GetFullPath(path);
        Origin = origin;
    }

    /// <summary>Absolute path.</summary>
    public string Path { get; }

    /// <summary>Why it is this folder, for messages: "given", "REPRO_DATA", "user cache".
    /// </summary>
    public string Origin { get; }

    /// <summary>
    /// Finds the folder: 1. the one given; 2. the environment variable REPRO_DATA; 3. the
    /// user's cache, which is <c>$XDG_CACHE_HOME/repro</c> or <c>~/.cache/repro</c>, and on
    /// Windows <c>%LocalAppData%\repro</c>. Empty values count as absent. Touches no file.
    /// </summary>
    /// <param name="directory">The folder asked for, relative or absolute, or null.</param>
    /// <exception cref="DataException">The user has no home folder and nothing else is set.
    /// </exception>
    public static DataFolder Resolve(string? directory = null) =>
        Resolve(directory, Environment.GetEnvironmentVariable, OperatingSystem.IsWindows());

    internal static DataFolder Resolve(
        string? directory, Func<string, string?> variable, bool windows)
    {
        if (!string.IsNullOrWhiteSpace(directory))
        {
            return new DataFolder(directory, "given");
        }

        string? named = variable(Variable);
        if (!string.IsNullOrWhiteSpace(named))
        {
            return new DataFolder(named, Variable);
        }

        return new DataFolder(System.IO.Path.Combine(UserCache(variable, windows), "repro"),
            "user cache");
    }

    private static string UserCache(Func<string, string?> variable, bool windows)
    {
        string? xdg = variable("XDG_CACHE_HOME");

        // The XDG specification has relative values ignored.
        if (!windows && System.IO.Path.IsPathRooted(xdg))
        {
            return xdg!;
        }

        string? home = windows ? variable("LOCALAPPDATA") : variable("HOME");
        if (string.IsNullOrEmpty(home))
        {
            home = Environment.GetFolderPath(windows
                ? Environment.SpecialFolder.LocalApplicationData
                : Environment.SpecialFolder.UserProfile);
        }

        if (string.IsNullOrEmpty(home))
        {
            throw new DataException(
                DataErrorKind.Missing, "data folder",
                "This user has no home folder to keep downloaded data in.",
                $"Set {Variable} to a folder.");
        }

        return windows ? home : System.IO.Path.Combine(home, ".cache");
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Path} ({Origin})";
}
