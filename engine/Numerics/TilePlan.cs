namespace Repro.Engine.Numerics;

/// <summary>
/// How the columns of a product are cut into panels, a few vectors each. It depends on the
/// width of the vectors and the number of rows; results do not depend on it.
/// </summary>
internal sealed class TilePlan
{
    private TilePlan(int[] panels) => Panels = panels;

    /// <summary>Vectors in each panel, left to right.</summary>
    public int[] Panels { get; }

    /// <summary>The plan for <paramref name="vectors"/> vectors and <paramref name="rows"/> rows.
    /// </summary>
    public static TilePlan For(int vectors, int rows, int registers)
    {
        // One or two rows need many columns in flight to hide the latency of the additions.
        int widest = (rows, registers >= 32) switch
        {
            (1, true) => 8,
            (2, true) => 8,
            (<= 4, true) => 6,
            (_, true) => 4,
            (1, false) => 8,
            (2, false) => 6,
            (_, false) => 3,
        };
        int count = (vectors + widest - 1) / widest;
        int[] panels = new int[count];
        for (int i = 0; i < count; i++)
        {
            panels[i] = (vectors / count) + (i < vectors % count ? 1 : 0);
        }
        return new TilePlan(panels);
    }
}
