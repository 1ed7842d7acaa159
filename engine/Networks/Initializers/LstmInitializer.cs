using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// Sets an LSTM's parameters for one seed: recurrent and input weights as
/// <see cref="Weights"/> says, the forget gates' biases <see cref="ForgetBias"/>, the readout
/// weights normal with <see cref="ReadoutDeviation"/>, every other bias 0.
/// </summary>
public sealed record LstmInitializer : NetworkSetup
{
    internal const string Word = "lstm";

    /// <summary>Raised by hand when the same seed would give other weights.</summary>
    public const int BehaviourVersion = 1;

    /// <inheritdoc/>
    public override string Cell => Word;

    /// <inheritdoc/>
    public override Activation Activation => Activation.Tanh;

    /// <inheritdoc/>
    public override double Gates => 4;

    internal override IEnumerable<PartVersion> Parts =>
        [new("cell.lstm", 1), new("initializer.lstm", BehaviourVersion)];

    /// <summary>How recurrent and input weights are distributed.</summary>
    public GateWeights Weights { get; init; } = GateWeights.Uniform;

    /// <summary>Standard deviation of normal weights; null is 1/√(3H), that of the uniform
    /// ones.</summary>
    public double? Deviation { get; init; }

    /// <summary>
    /// Where the forget gates' biases start; 1 keeps cells open while nothing is learnt yet.
    /// Source: Gers, Schmidhuber, Cummins 2000; Jozefowicz, Zaremba, Sutskever 2015 for 1.
    /// </summary>
    public double ForgetBias { get; init; } = 1;

    /// <summary>Standard deviation of W_yh; null is √(2/(H + O)), as in
    /// <see cref="WeightScales"/>.</summary>
    public double? ReadoutDeviation { get; init; }

    /// <summary>
    /// Sets every parameter. Equal arguments give equal bits; numbers are drawn in double
    /// precision and rounded once.
    /// </summary>
    /// <param name="network">The network to set.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="InvalidOperationException">A setting is negative or not finite.
    /// </exception>
    public void Initialize<T>(LstmNetwork<T> network, ulong seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        RequireFinite();
        Weights.Draw(network, Deviation, ReadoutDeviation, seed);
        network.Layout.ForgetBias.Of(network.Parameters).Fill(T.CreateTruncating(ForgetBias));
    }

    /// <inheritdoc/>
    public override void Validate(int hiddenSize)
    {
        GateWeightsDraw.Validate(Deviation, ReadoutDeviation);
        RequireFinite();
    }

    /// <inheritdoc/>
    public override LstmNetwork<float> Make(NetworkSpec spec, ulong seed)
    {
        LstmNetwork<float> network = new(spec);
        Initialize(network, seed);
        return network;
    }

    internal static LstmInitializer FromSettings(SettingsNode network, SettingsNode node)
    {
        network.Only("cell", "activation", "hidden");
        if (network["activation"].Text != Activation.Tanh.Word())
        {
            throw network["activation"].Expected(
                $"'{Activation.Tanh.Word()}', which an LSTM squashes its cells by");
        }
        node.Only("weights", "deviation", "forgetBias", "readoutDeviation");
        return new LstmInitializer
        {
            Weights = node["weights"].Member<GateWeights>(GateWeightsDraw.Word),
            Deviation = node.Has("deviation") ? node["deviation"].Number : null,
            ForgetBias = node["forgetBias"].Number,
            ReadoutDeviation =
                node.Has("readoutDeviation") ? node["readoutDeviation"].Number : null,
        };
    }

    internal override void Describe(JsonObject network, JsonObject initializer)
    {
        network["cell"] = Word;
        network["activation"] = Activation.Word();
        initializer["weights"] = Weights.Word();
        initializer["deviation"] = Deviation;
        initializer["forgetBias"] = ForgetBias;
        initializer["readoutDeviation"] = ReadoutDeviation;
    }

    private void RequireFinite()
    {
        if (!double.IsFinite(ForgetBias))
        {
            throw new InvalidOperationException(
                $"{nameof(ForgetBias)} is {ForgetBias}; a finite number is needed");
        }
    }
}
