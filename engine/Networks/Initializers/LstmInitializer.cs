using System.Numerics;
using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>How an LSTM's recurrent and input weights are distributed.</summary>
public enum LstmWeights
{
    /// <summary>Uniform in ±1/√H, PyTorch's default.</summary>
    Uniform,

    /// <summary>Normal of mean 0 and standard deviation
    /// <see cref="LstmInitializer.Deviation"/>.</summary>
    Normal,
}

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
    public LstmWeights Weights { get; init; } = LstmWeights.Uniform;

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
        double h = network.Spec.HiddenSize;
        double deviation = Require(Deviation ?? 1 / Math.Sqrt(3 * h), nameof(Deviation));
        double readout = Require(
            ReadoutDeviation ?? Math.Sqrt(2 / (h + network.Spec.OutputSize)),
            nameof(ReadoutDeviation));
        RequireFinite();
        ParameterLayout layout = network.Layout;
        Span<T> all = network.Parameters;
        all.Clear();
        Philox recurrent = new(seed, RandomPurpose.RecurrentWeights);
        Philox input = new(seed, RandomPurpose.InputWeights);
        switch (Weights)
        {
            case LstmWeights.Uniform:
                FillUniform(layout.RecurrentWeights.Of(all), 1 / Math.Sqrt(h), recurrent);
                FillUniform(layout.InputWeights.Of(all), 1 / Math.Sqrt(h), input);
                break;
            case LstmWeights.Normal:
                NetworkInitializer.FillNormal(
                    layout.RecurrentWeights.Of(all), deviation, recurrent);
                NetworkInitializer.FillNormal(layout.InputWeights.Of(all), deviation, input);
                break;
            default:
                throw new InvalidOperationException($"no weights are called {Weights}");
        }
        NetworkInitializer.FillNormal(
            layout.ReadoutWeights.Of(all), readout,
            new Philox(seed, RandomPurpose.ReadoutWeights));
        layout.ForgetBias.Of(all).Fill(T.CreateTruncating(ForgetBias));
    }

    /// <inheritdoc/>
    public override void Validate(int hiddenSize)
    {
        Require(Deviation ?? 0, nameof(Deviation));
        Require(ReadoutDeviation ?? 0, nameof(ReadoutDeviation));
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
            Weights = node["weights"].Member<LstmWeights>(WordOf),
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
        initializer["weights"] = WordOf(Weights);
        initializer["deviation"] = Deviation;
        initializer["forgetBias"] = ForgetBias;
        initializer["readoutDeviation"] = ReadoutDeviation;
    }

    private static string WordOf(LstmWeights weights) => weights switch
    {
        LstmWeights.Uniform => "uniform",
        LstmWeights.Normal => "normal",
        _ => throw Unknown.Member(weights),
    };

    private void RequireFinite()
    {
        if (!double.IsFinite(ForgetBias))
        {
            throw new InvalidOperationException(
                $"{nameof(ForgetBias)} is {ForgetBias}; a finite number is needed");
        }
    }

    private static double Require(double value, string name) =>
        double.IsFinite(value) && value >= 0
            ? value
            : throw new InvalidOperationException(
                $"{name} is {value}; a standard deviation is a finite number, 0 or more");

    private static void FillUniform<T>(Span<T> weights, double bound, Philox random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = T.CreateTruncating(bound * ((2 * random.Uniform((ulong)i)) - 1));
        }
    }
}
