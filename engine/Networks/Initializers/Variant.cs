using Repro.Engine.Numerics;

namespace Repro.Engine.Networks.Initializers;

/// <summary>
/// A network variant of the paper: a recurrent initialiser and a nonlinearity.
/// Source: Talathi and Vartak 2016, Table 1.
/// </summary>
/// <param name="Name">The paper's name.</param>
/// <param name="Recurrent">The rule for W_hh.</param>
/// <param name="Activation">The hidden units' nonlinearity.</param>
public sealed record Variant(string Name, IRecurrentInitializer Recurrent, Activation Activation)
{
    /// <summary>The seven variants, in the order of the paper's Fig. 3.</summary>
    public static IReadOnlyList<Variant> All { get; } =
    [
        new("gRNN", new ScaledGaussian(), Activation.Relu),
        new("oRNN", new RandomOrthogonal(), Activation.Relu),
        new("iRNN", new ScaledIdentity("iRNN", 0.01), Activation.Relu),
        new("IRNN", new ScaledIdentity("IRNN", 1), Activation.Relu),
        new("nRNN", new NormalizedGaussian(), Activation.Relu),
        new("np-RNN", new NormalizedPositiveDefinite(), Activation.Relu),
        new("np-tanhRNN", new NormalizedPositiveDefinite(), Activation.Tanh),
    ];

    /// <summary>
    /// The three initialisations of the other paper. "smart tanh" keeps 15 outgoing connections,
    /// as the authors' program does.
    /// Source: Pascanu, Mikolov, Bengio 2013, supplement.
    /// </summary>
    public static IReadOnlyList<Variant> Pascanu { get; } =
    [
        new("sigmoid", new IndependentGaussian(0.01), Activation.Sigmoid),
        new("basic tanh", new IndependentGaussian(0.1), Activation.Tanh),
        new("smart tanh", new SparseSpectral(), Activation.Tanh),
    ];

    /// <summary>The variant of that name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static Variant Named(string name) =>
        All.Concat(Pascanu).FirstOrDefault(v => v.Name == name) ?? throw new ArgumentException(
            $"no variant is called '{name}'; there are "
            + string.Join(", ", All.Concat(Pascanu).Select(v => v.Name)), nameof(name));
}
