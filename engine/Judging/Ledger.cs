using Repro.Engine.Records;

namespace Repro.Engine.Judging;

/// <summary>All items' values in one table.</summary>
public static class Ledger
{
    /// <summary>Reads each table, in the order given, and writes their rows under one header.
    /// </summary>
    /// <exception cref="FormatException">One of them is not a table of values.</exception>
    /// <exception cref="ArgumentException">Two of them have the same row.</exception>
    /// <exception cref="StoreException">The ledger cannot be written.</exception>
    public static void Write(IEnumerable<string> valuesPaths, string ledgerPath)
    {
        List<ValueRow> rows = [.. valuesPaths.SelectMany(ValuesCsv.Read)];
        ValuesCsv.Write(ledgerPath, rows);
    }
}
