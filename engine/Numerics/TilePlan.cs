namespace Repro.Engine.Numerics;

/// <summary>
/// How the columns of a product are cut into panels, a few vectors each, and perhaps half a vector
/// at the end. It depends on the width of the vectors and the number of rows; results do not
/// depend on it.
/// Source: the project's own measurements of which tiles reach the peak rate.
/// </summary>
internal readonly struct TilePlan
{
    /// <summary>What a panel of half a vector has instead of a number of vectors.</summary>
    public const int Half = 0;

    // A tile of half a vector has a chain of additions for each row. Fewer rows than this would
    // wait for them longer than a whole vector beside others takes.
    private const int RowsForHalf = 8;

    private readonly int narrow;
    private readonly int wider;
    private readonly int whole;

    private TilePlan(int vectors, int whole, bool hasHalf)
    {
        this.whole = whole;
        Count = whole + (hasHalf ? 1 : 0);
        (narrow, wider) = whole > 0 ? Math.DivRem(vectors, whole) : (0, 0);
    }

    /// <summary>Panels, left to right.</summary>
    public int Count { get; }

    /// <summary>Vectors in panel <paramref name="index"/>, or <see cref="Half"/>.</summary>
    public int this[int index] => index == whole ? Half : narrow + (index < wider ? 1 : 0);

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
        return new TilePlan(vectors, (vectors + widest - 1) / widest, false);
    }

    /// <summary>The plan for as many columns, in vectors as few as there can be. The last ones
    /// may be half a vector: on a processor whose units are half as wide as its vectors that is
    /// half the work, and on others no more.</summary>
    /// <param name="columns">1 or more.</param>
    /// <param name="rows">Rows of a product.</param>
    /// <param name="lanes">Of a vector.</param>
    /// <param name="halfLanes">Of half a vector, or 0 where there is no such tile.</param>
    /// <param name="registers">Vectors that the processor holds.</param>
    public static TilePlan ForColumns(
        int columns, int rows, int lanes, int halfLanes, int registers)
    {
        (int vectors, int last) = Math.DivRem(columns, lanes);
        bool hasHalf = last > 0 && last <= halfLanes && rows >= RowsForHalf;
        TilePlan plan = For(vectors + (last > 0 && !hasHalf ? 1 : 0), rows, registers);
        return hasHalf ? new TilePlan(vectors, plan.Count, true) : plan;
    }
}
