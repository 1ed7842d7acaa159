using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>A simple recurrent network: recurrent initialiser, nonlinearity, the scales of its
/// other weights, and which of its units are leaky.</summary>
/// <param name="Recurrent">The rule for W_hh.</param>
/// <param name="Activation">f.</param>
/// <param name="Scales">Scales of W_hx and W_yh.</param>
/// <param name="Leaks">Which units are leaky; null for none.</param>
public sealed record SimpleSetup(
    IRecurrentInitializer Recurrent, Activation Activation, WeightScales Scales,
    LeakRule? Leaks = null) : NetworkSetup
{
    internal const string Word = "simple";

    /// <summary>The component of the simple recurrent cell.</summary>
    internal static PartVersion CellPart { get; } = new("cell.simple", 1);

    /// <summary>The setup of a named variant.</summary>
    public SimpleSetup(Variant variant, WeightScales scales, LeakRule? leaks = null)
        : this(variant.Recurrent, variant.Activation, scales, leaks)
    {
    }

    /// <inheritdoc/>
    public override string Cell => Word;

    /// <inheritdoc/>
    public override Activation Activation { get; } = Activation;

    /// <inheritdoc/>
    public override bool HasRegularizer => true;

    internal override IEnumerable<PartVersion> Parts
    {
        get
        {
            yield return CellPart;
            yield return new("initializer." + Recurrent.Name, Recurrent.BehaviourVersion);
            foreach (PartVersion part in Scales.Parts)
            {
                yield return part;
            }
            if (Leaks is not null)
            {
                yield return new("leaks", LeakRule.BehaviourVersion);
            }
        }
    }

    /// <inheritdoc/>
    public override void Validate(int hiddenSize)
    {
        Scales.Validate();
        Leaks?.Rates(hiddenSize, 0);
    }

    /// <inheritdoc/>
    public override RecurrentNetwork<float> Make(NetworkSpec spec, ulong seed)
    {
        RecurrentNetwork<float> network = new(spec);
        network.Initialize(Recurrent, Scales, seed);
        if (Leaks is not null)
        {
            network.SetLeakRates(Leaks.Rates(spec.HiddenSize, seed));
        }
        return network;
    }

    internal static SimpleSetup FromSettings(SettingsNode network, SettingsNode initializer)
    {
        network.Only("cell", "activation", "hidden", "leaks");
        return new SimpleSetup(
            RecurrentInitializers.Read(initializer),
            network["activation"].Member<Activation>(a => a.Word()),
            WeightScales.Read(initializer),
            network.Has("leaks")
                ? new LeakRule(
                    network["leaks"][0].Count, network["leaks"][1].Number,
                    network["leaks"][2].Number)
                : null);
    }

    internal override void Describe(JsonObject network, JsonObject initializer)
    {
        network["cell"] = Word;
        network["activation"] = Activation.Word();
        network["leaks"] = Leaks is null
            ? null
            : new JsonArray(Leaks.Units, Leaks.Low, Leaks.High);
        initializer["recurrent"] = Recurrent.Name;
        Scales.Describe(initializer);
    }
}
