namespace Repro.Engine.Networks;

/// <summary>
/// Which rows of a gradient a thread adds to: a range of the stacked rows [W_hx; b; W_hh]. Every
/// element's sum runs over sequences and steps in the one order, whoever adds it.
/// </summary>
/// <param name="From">The first row.</param>
/// <param name="To">The row after the last.</param>
internal readonly record struct RowPart(int From, int To)
{
    // Tiles of the products are about this high; a part of whole tiles wastes none.
    private const int TileRows = 6;

    /// <summary>Every row.</summary>
    public static RowPart All => new(0, int.MaxValue);

    /// <summary>Whether it is the one part that has the first row.</summary>
    public bool IsFirst => From == 0 && To > 0;

    /// <summary>Part `index` of `parts`, about equal.</summary>
    /// <param name="rows">I + 1 + H.</param>
    /// <param name="index">Which.</param>
    /// <param name="parts">Of how many.</param>
    public static RowPart Share(int rows, int index, int parts)
    {
        int tiles = (rows + TileRows - 1) / TileRows;
        return new RowPart(
            tiles * index / parts * TileRows,
            index == parts - 1 ? int.MaxValue : tiles * (index + 1) / parts * TileRows);
    }

    /// <summary>The part's rows of a block of `count` rows whose first is stacked row `at`,
    /// counted from the block's first; empty where it has none.</summary>
    public (int First, int End) Of(int at, int count)
    {
        int first = Math.Clamp(From - at, 0, count);
        return (first, Math.Max(first, Math.Min(count, To - at)));
    }
}
