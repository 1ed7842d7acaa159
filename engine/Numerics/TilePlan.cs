namespace Repro.Engine.Numerics;

/// <summary>
/// How the columns of a product are cut into panels, a few vectors each. It depends on the
/// width of the vectors and the number of rows; results do not depend on it.
/// Source: the project's own measurements of which tiles reach the peak rate.
/// </summary>
internal readonly struct TilePlan
{
    private readonly int narrow;
    private readonly int wider;

    private TilePlan(int vectors, int count)
    {
        Count = count;
        narrow = vectors / count;
        wider = vectors % count;
    }

    /// <summary>Panels, left to right.</summary>
    public int Count { get; }

    /// <summary>Vectors in panel <paramref name="index"/>.</summary>
    public int this[int index] => narrow + (index < wider ? 1 : 0);

    /// <summary>Vectors in each panel, as an array made anew.</summary>
    public int[] Panels
    {
        get
        {
            int[] panels = new int[Count];
            for (int i = 0; i < Count; i++)
            {
                panels[i] = this[i];
            }
            return panels;
        }
    }

    /// <summary>The plan for <paramref name="vectors"/> vectors and <paramref name="rows"/> rows.
    /// </summary>
    public static TilePlan For(int vectors, int rows, int registers)
    {
        // One or two rows need many columns in flight to hide the latency of the additions.
        int widest = (rows, registers >= 32) switch
        {
            (1, true) => 8,
            (2, true) => 8,
            ( <= 4, true) => 6,
            (_, true) => 4,
            (1, false) => 8,
            (2, false) => 6,
            (_, false) => 3,
        };
        return new TilePlan(vectors, (vectors + widest - 1) / widest);
    }
}
