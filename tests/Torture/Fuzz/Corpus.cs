namespace Repro.Torture.Fuzz;

/// <summary>The kept corpus: a text of the assembly for each target, an input in base 64 a line.
/// </summary>
internal static class Corpus
{
    private const int Most = 60;

    /// <summary>The inputs kept for a target.</summary>
    public static IReadOnlyList<byte[]> Of(string target)
    {
        using Stream? stream =
            typeof(Corpus).Assembly.GetManifestResourceStream($"corpus-{target}.txt");
        if (stream is null)
        {
            return [];
        }
        using StreamReader reader = new(stream);
        return [.. reader.ReadToEnd()
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(Convert.FromBase64String)];
    }

    /// <summary>Writes the smallest input of each outcome, none over <paramref name="longest"/>
    /// bytes, in a stable order, and of all these the <see cref="Most"/> smallest.</summary>
    public static void Write(string folder, string target, IEnumerable<byte[]> inputs, int longest)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllLines(
            Path.Combine(folder, $"corpus-{target}.txt"),
            inputs.Where(input => input.Length <= longest)
                .Select(Convert.ToBase64String)
                .Distinct()
                .OrderBy(line => line.Length)
                .ThenBy(line => line, StringComparer.Ordinal)
                .Take(Most));
    }
}
