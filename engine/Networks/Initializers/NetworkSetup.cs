using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// A cell and how its parameters begin: what a run needs to know to make its network. A new cell
/// has a setup beside this one and a line in <see cref="Read"/>.
/// </summary>
public abstract record NetworkSetup
{
    /// <summary>The cell's word in a run's settings; part of ids.</summary>
    public abstract string Cell { get; }

    /// <summary>The hidden units' nonlinearity.</summary>
    public abstract Activation Activation { get; }

    /// <summary>Whether Ω can be part of a run's loss.</summary>
    public virtual bool HasRegularizer => false;

    /// <summary>Products of a step relative to those of a simple cell of the same size.
    /// </summary>
    public virtual double Gates => 1;

    /// <summary>The components that a network of this setup uses.</summary>
    internal abstract IEnumerable<PartVersion> Parts { get; }

    /// <summary>Checks every range.</summary>
    /// <param name="hiddenSize">H.</param>
    /// <exception cref="ArgumentException">A setting is out of range.</exception>
    public abstract void Validate(int hiddenSize);

    /// <summary>A network with its parameters set for one seed.</summary>
    /// <param name="spec">Sizes and readout.</param>
    /// <param name="seed">The run's seed.</param>
    public abstract SequenceNetwork<float> Make(NetworkSpec spec, ulong seed);

    /// <summary>The setup that settings describe.</summary>
    /// <param name="network">The member <c>network</c> of a run's settings.</param>
    /// <param name="initializer">The member <c>initializer</c>.</param>
    /// <exception cref="SettingsException">A member is missing, misspelt or of another kind.
    /// </exception>
    public static NetworkSetup Read(SettingsNode network, SettingsNode initializer) =>
        network["cell"].Choice<NetworkSetup>(
            (SimpleSetup.Word, () => SimpleSetup.FromSettings(network, initializer)),
            (LstmInitializer.Word, () => LstmInitializer.FromSettings(network, initializer)),
            (GruInitializer.Word, () => GruInitializer.FromSettings(network, initializer)),
            (ClockworkSetup.Word, () => ClockworkSetup.FromSettings(network, initializer)));

    /// <summary>Writes the settings that <see cref="Read"/> reads; part of a run's id.</summary>
    /// <param name="network">The member <c>network</c>, which has the hidden size already.
    /// </param>
    /// <param name="initializer">The member <c>initializer</c>.</param>
    internal abstract void Describe(JsonObject network, JsonObject initializer);
}
