namespace Repro.Engine.Records;

/// <summary>What somebody who mistyped a word may have meant.</summary>
public static class NearestWord
{
    /// <summary>The known word with the fewest edits from <paramref name="word"/>, or null when
    /// more than a third of its letters would have to change.</summary>
    public static string? Of(string word, IEnumerable<string> known) =>
        known.Where(k => Distance(word, k) <= Math.Max(1, word.Length / 3))
            .MinBy(k => Distance(word, k));

    /// <summary>A sentence part that names the nearest of several words, and all.</summary>
    public static string OneOf(string word, IReadOnlyCollection<string> known)
    {
        string all = "one of " + string.Join(", ", known);
        return Of(word, known) is { } nearest ? $"'{nearest}', perhaps, or {all}" : all;
    }

    // Edits between two words: one letter more, less or another, or two neighbours exchanged.
    private static int Distance(string a, string b)
    {
        bool IsSame(int i, int j) =>
            char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]);
        int[] beforeThat = [];
        int[] before = [.. Enumerable.Range(0, b.Length + 1)];
        for (int i = 1; i <= a.Length; i++)
        {
            int[] row = new int[b.Length + 1];
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                row[j] = Math.Min(
                    before[j - 1] + (IsSame(i, j) ? 0 : 1),
                    1 + Math.Min(row[j - 1], before[j]));
                if (i > 1 && j > 1 && IsSame(i, j - 1) && IsSame(i - 1, j))
                {
                    row[j] = Math.Min(row[j], beforeThat[j - 2] + 1);
                }
            }
            (beforeThat, before) = (before, row);
        }
        return before[^1];
    }
}
