using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// A clockwork network and how its parameters begin: recurrent and input weights as
/// <see cref="Weights"/> says, the readout weights normal with <see cref="ReadoutDeviation"/>,
/// every bias 0, and 0 where a module would read a faster one.
/// </summary>
/// <param name="Clockwork">Modules and their periods.</param>
public sealed record ClockworkSetup(Clockwork Clockwork) : NetworkSetup
{
    internal const string Word = "clockwork";

    /// <summary>Raised by hand when the same seed would give other weights.</summary>
    public const int BehaviourVersion = 1;

    /// <inheritdoc/>
    public override string Cell => Word;

    /// <inheritdoc/>
    public override Activation Activation { get; } = Activation.Tanh;

    /// <inheritdoc/>
    public override double Gates
    {
        get
        {
            // Of many units, and the mean of many steps.
            int modules = Clockwork.Periods.Count;
            return Clockwork.Modules(modules)
                .Sum(m => (double)m.Size * (modules - m.First) / m.Period)
                / ((double)modules * modules);
        }
    }

    internal override IEnumerable<PartVersion> Parts =>
        [new("cell.clockwork", 1), new("initializer.clockwork", BehaviourVersion)];

    /// <summary>How recurrent and input weights are distributed.</summary>
    public GateWeights Weights { get; init; } = GateWeights.Normal;

    /// <summary>Standard deviation of normal weights; null is 1/√(3H), that of the uniform
    /// ones.</summary>
    public double? Deviation { get; init; }

    /// <summary>Standard deviation of W_yh; null is √(2/(H + O)), as in
    /// <see cref="WeightScales"/>.</summary>
    public double? ReadoutDeviation { get; init; }

    /// <summary>
    /// Sets every parameter. Equal arguments give equal bits; numbers are drawn in double
    /// precision and rounded once.
    /// </summary>
    /// <param name="network">The network to set, of any clockwork.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidOperationException">A deviation is negative or not finite.
    /// </exception>
    public void Initialize<T>(ClockworkNetwork<T> network, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        Weights.Draw(network, Deviation, ReadoutDeviation, seed);
        int hidden = network.Spec.HiddenSize;
        Span<T> recurrent = network.RecurrentWeights.Of(network.Parameters);
        foreach (ClockModule module in network.Clockwork.Modules(hidden))
        {
            for (int from = 0; from < module.First; from++)
            {
                recurrent.Slice((from * hidden) + module.First, module.Size).Clear();
            }
        }
    }

    /// <inheritdoc/>
    public override void Validate(int hiddenSize)
    {
        Clockwork.Sizes(hiddenSize);
        GateWeightsDraw.Validate(Deviation, ReadoutDeviation);
    }

    /// <inheritdoc/>
    public override ClockworkNetwork<float> Make(NetworkSpec spec, ulong seed)
    {
        ClockworkNetwork<float> network = new(spec, Clockwork);
        Initialize(network, seed);
        return network;
    }

    internal static ClockworkSetup FromSettings(SettingsNode network, SettingsNode node)
    {
        network.Only("cell", "activation", "hidden", "periods", "clockStart");
        if (network["activation"].Text != Activation.Tanh.Word())
        {
            throw network["activation"].Expected(
                $"'{Activation.Tanh.Word()}', the paper's, which a clockwork's run has");
        }
        node.Only("weights", "deviation", "readoutDeviation");
        return new ClockworkSetup(ClockworkOf(network))
        {
            Weights = node["weights"].Member<GateWeights>(GateWeightsDraw.Word),
            Deviation = node.Has("deviation") ? node["deviation"].Number : null,
            ReadoutDeviation =
                node.Has("readoutDeviation") ? node["readoutDeviation"].Number : null,
        };
    }

    internal override void Describe(JsonObject network, JsonObject initializer)
    {
        network["cell"] = Word;
        network["activation"] = Activation.Word();
        network["periods"] = new JsonArray([.. Clockwork.Periods.Select(p => (JsonNode)p)]);
        network["clockStart"] = Clockwork.Start;
        initializer["weights"] = Weights.Word();
        initializer["deviation"] = Deviation;
        initializer["readoutDeviation"] = ReadoutDeviation;
    }

    /// <summary>The clockwork of some settings; one that cannot be is refused where it stands.
    /// </summary>
    private static Clockwork ClockworkOf(SettingsNode network)
    {
        int[] periods = [.. network["periods"].Elements.Select(p => p.Count)];
        int start = network["clockStart"].Count;
        try
        {
            return new Clockwork(periods, start);
        }
        catch (ArgumentException error)
        {
            throw network[start < 0 ? "clockStart" : "periods"].Expected(
                $"a clock that runs ({error.Message})");
        }
    }
}
