using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// A GRU and how its parameters begin: recurrent and input weights as <see cref="Weights"/> says,
/// the update gates' biases <see cref="UpdateBias"/>, the readout weights normal with
/// <see cref="ReadoutDeviation"/>, every other bias 0.
/// </summary>
public sealed record GruInitializer : NetworkSetup
{
    internal const string Word = "gru";

    /// <summary>Raised by hand when the same seed would give other weights.</summary>
    public const int BehaviourVersion = 1;

    /// <inheritdoc/>
    public override string Cell => Word;

    /// <inheritdoc/>
    public override Activation Activation => Activation.Tanh;

    /// <inheritdoc/>
    public override double Gates => GruLayout.Gates;

    internal override IEnumerable<PartVersion> Parts =>
        [new("cell.gru", 1), new("initializer.gru", BehaviourVersion)];

    /// <summary>Where the reset gate acts.</summary>
    public GruReset Reset { get; init; } = GruReset.Before;

    /// <summary>How recurrent and input weights are distributed.</summary>
    public GateWeights Weights { get; init; } = GateWeights.Uniform;

    /// <summary>Standard deviation of normal weights; null is 1/√(3H), that of the uniform
    /// ones.</summary>
    public double? Deviation { get; init; }

    /// <summary>
    /// Where the update gates' biases start, a finite number; above 0 keeps states for longer
    /// while nothing is learnt yet.
    /// Source: 0 is Keras'; TensorFlow's GRUBlockCell has 1.
    /// </summary>
    public double UpdateBias { get; init; }

    /// <summary>Standard deviation of W_yh; null is √(2/(H + O)), as in
    /// <see cref="WeightScales"/>.</summary>
    public double? ReadoutDeviation { get; init; }

    /// <summary>
    /// Sets every parameter. Equal arguments give equal bits; numbers are drawn in double
    /// precision and rounded once.
    /// </summary>
    /// <param name="network">The network to set, of any reset.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidOperationException">A setting is negative or not finite.
    /// </exception>
    public void Initialize<T>(GruNetwork<T> network, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireFinite();
        Weights.Draw(network, Deviation, ReadoutDeviation, seed);
        network.Layout.UpdateBias.Of(network.Parameters).Fill(T.CreateTruncating(UpdateBias));
    }

    /// <inheritdoc/>
    public override void Validate(int hiddenSize)
    {
        GateWeightsDraw.Validate(Deviation, ReadoutDeviation);
        RequireFinite();
    }

    /// <inheritdoc/>
    public override GruNetwork<float> Make(NetworkSpec spec, ulong seed)
    {
        GruNetwork<float> network = new(spec, Reset);
        Initialize(network, seed);
        return network;
    }

    internal static GruInitializer FromSettings(SettingsNode network, SettingsNode node)
    {
        network.Only("cell", "activation", "hidden", "reset");
        if (network["activation"].Text != Activation.Tanh.Word())
        {
            throw network["activation"].Expected(
                $"'{Activation.Tanh.Word()}', which a GRU squashes its candidates by");
        }
        node.Only("weights", "deviation", "updateBias", "readoutDeviation");
        return new GruInitializer
        {
            Reset = network["reset"].Member<GruReset>(WordOf),
            Weights = node["weights"].Member<GateWeights>(GateWeightsDraw.Word),
            Deviation = node.Has("deviation") ? node["deviation"].Number : null,
            UpdateBias = node["updateBias"].Number,
            ReadoutDeviation =
                node.Has("readoutDeviation") ? node["readoutDeviation"].Number : null,
        };
    }

    internal override void Describe(JsonObject network, JsonObject initializer)
    {
        network["cell"] = Word;
        network["activation"] = Activation.Word();
        network["reset"] = WordOf(Reset);
        initializer["weights"] = Weights.Word();
        initializer["deviation"] = Deviation;
        initializer["updateBias"] = UpdateBias;
        initializer["readoutDeviation"] = ReadoutDeviation;
    }

    /// <summary><c>before</c> or <c>after</c>; part of run ids.</summary>
    internal static string WordOf(GruReset reset) => reset switch
    {
        GruReset.Before => "before",
        GruReset.After => "after",
        _ => throw Unknown.Member(reset),
    };

    private void RequireFinite()
    {
        if (!double.IsFinite(UpdateBias))
        {
            throw new InvalidOperationException(
                $"{nameof(UpdateBias)} is {UpdateBias}; a finite number is needed");
        }
    }
}
