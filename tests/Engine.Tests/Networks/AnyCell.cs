using System.Numerics;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>The kinds of hidden units there are.</summary>
public enum CellKind
{
    /// <summary>RecurrentNetwork.</summary>
    Simple,

    /// <summary>LstmNetwork.</summary>
    Lstm,

    /// <summary>GruNetwork, its reset before the product.</summary>
    GruBefore,

    /// <summary>GruNetwork, its reset after the product.</summary>
    GruAfter,

    /// <summary>ClockworkNetwork of periods 1, 2, 4.</summary>
    Clockwork,

    /// <summary>ClockworkNetwork of periods off that grid, two of them equal, whose clock does
    /// not start with all modules at work.</summary>
    ClockworkOdd,
}

/// <summary>Networks of any cell, for tests of what all of them do.</summary>
internal static class AnyCell
{
    /// <summary>Every cell with each activation it can have.</summary>
    public static IEnumerable<(CellKind Cell, Activation Activation)> All() =>
        from cell in Enum.GetValues<CellKind>()
        from activation in Activations(cell)
        select (cell, activation);

    /// <summary>Cell, activation, readout and place of the loss.</summary>
    public static IEnumerable<object[]> Combinations() =>
        from cell in All()
        from readout in Enum.GetValues<Readout>()
        from lossAt in Enum.GetValues<LossPlacement>()
        select new object[] { cell.Cell, cell.Activation, readout, lossAt };

    /// <summary>Whether a unit has one sum and no gate.</summary>
    public static bool IsSimple(CellKind cell) =>
        cell is CellKind.Simple or CellKind.Clockwork or CellKind.ClockworkOdd;

    /// <summary>The clockwork of a kind, with as many modules as there are units at most.
    /// </summary>
    public static Clockwork ClockworkOf(CellKind cell, NetworkSpec spec) => cell switch
    {
        CellKind.Clockwork => new(new[] { 1, 2, 4 }.Take(spec.HiddenSize)),
        CellKind.ClockworkOdd => new(new[] { 1, 3, 3, 5 }.Take(spec.HiddenSize), 1),
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no clockwork"),
    };

    /// <summary>A network of zero parameters.</summary>
    public static SweptNetwork<T> New<T>(
        CellKind cell, NetworkSpec spec, InstructionSet? set = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => cell switch
        {
            CellKind.Simple => new RecurrentNetwork<T>(spec, set),
            CellKind.Lstm => new LstmNetwork<T>(spec, set),
            CellKind.GruBefore => new GruNetwork<T>(spec, GruReset.Before, set),
            CellKind.GruAfter => new GruNetwork<T>(spec, GruReset.After, set),
            CellKind.Clockwork or CellKind.ClockworkOdd =>
                new ClockworkNetwork<T>(spec, ClockworkOf(cell, spec), set),
            _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell"),
        };

    /// <summary>A network of random parameters.</summary>
    public static SweptNetwork<T> Network<T>(
        CellKind cell, NetworkSpec spec, double deviation, ulong seed, InstructionSet? set = null)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        SweptNetwork<T> net = New<T>(cell, spec, set);
        Random.Fill(net.Parameters, deviation, seed, cell == CellKind.Simple ? 1000u : 1003u);
        return net;
    }

    /// <summary>The layout of a cell's parameters.</summary>
    public static ParameterLayout Layout(CellKind cell, NetworkSpec spec) => cell switch
    {
        CellKind.Simple or CellKind.Clockwork or CellKind.ClockworkOdd =>
            new ParameterLayout(spec),
        CellKind.Lstm => LstmLayout.Of(spec),
        CellKind.GruBefore => GruLayout.Of(spec, GruReset.Before),
        CellKind.GruAfter => GruLayout.Of(spec, GruReset.After),
        _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell"),
    };

    /// <summary>The same network as plain loops.</summary>
    public static IOracle Oracle(CellKind cell, NetworkSpec spec, double[] parameters) =>
        cell switch
        {
            CellKind.Simple => new OracleNetwork(spec, parameters),
            CellKind.Lstm => new OracleLstm(spec, parameters),
            CellKind.GruBefore => new OracleGru(spec, GruReset.Before, parameters),
            CellKind.GruAfter => new OracleGru(spec, GruReset.After, parameters),
            CellKind.Clockwork or CellKind.ClockworkOdd =>
                new OracleClockwork(spec, ClockworkOf(cell, spec), parameters),
            _ => throw new ArgumentOutOfRangeException(nameof(cell), cell, "no such cell"),
        };

    private static Activation[] Activations(CellKind cell) =>
        IsSimple(cell) ? Enum.GetValues<Activation>() : [Activation.Tanh];
}
