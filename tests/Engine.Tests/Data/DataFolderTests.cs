using NUnit.Framework;
using Repro.Engine.Data;

namespace Repro.Engine.Tests.Data;

public class DataFolderTests
{
    private static readonly string Root = Path.GetTempPath();

    private static DataFolder Resolve(
        string? given, bool windows, params (string Name, string Value)[] variables) =>
        DataFolder.Resolve(
            given, n => variables.FirstOrDefault(v => v.Name == n).Value, windows);

    private static string In(params string[] parts) =>
        Path.GetFullPath(Path.Combine([Root, .. parts]));

    [Test]
    public void A_given_folder_wins_over_the_environment()
    {
        DataFolder folder = Resolve(In("given"), false, ("REPRO_DATA", In("named")));

        Assert.That(folder.Path, Is.EqualTo(In("given")));
        Assert.That(folder.Origin, Is.EqualTo("given"));
    }

    [Test]
    public void The_environment_wins_over_the_cache()
    {
        DataFolder folder = Resolve(
            "", false, ("REPRO_DATA", In("named")), ("XDG_CACHE_HOME", In("xdg")));

        Assert.That(folder.Path, Is.EqualTo(In("named")));
        Assert.That(folder.Origin, Is.EqualTo("REPRO_DATA"));
    }

    [Test]
    public void The_cache_follows_the_conventions_of_the_platform()
    {
        (string, string) home = ("HOME", In("home"));
        Assert.That(Resolve(null, false, home).Path, Is.EqualTo(In("home", ".cache", "repro")));
        Assert.That(Resolve(null, false, home, ("XDG_CACHE_HOME", In("xdg"))).Path,
            Is.EqualTo(In("xdg", "repro")));
        Assert.That(Resolve(null, false, home, ("XDG_CACHE_HOME", "relative")).Path,
            Is.EqualTo(In("home", ".cache", "repro")));
        Assert.That(Resolve(null, true, home, ("LOCALAPPDATA", In("local"))).Path,
            Is.EqualTo(In("local", "repro")));
    }

    [Test]
    public void A_relative_folder_is_made_absolute()
    {
        Assert.That(DataFolder.Resolve("data").Path, Is.EqualTo(Path.GetFullPath("data")));
    }
}
