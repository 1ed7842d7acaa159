using Repro.Engine.Numerics;

namespace Repro.Engine.Networks;

/// <summary>The hidden units' nonlinearity.</summary>
public enum Activation
{
    /// <summary>max(0, s).</summary>
    Relu,

    /// <summary>Hyperbolic tangent.</summary>
    Tanh,

    /// <summary>Logistic function 1/(1 + e^−s).</summary>
    Sigmoid,
}

/// <summary>The activations' words in specs.</summary>
public static class Activations
{
    /// <summary><c>relu</c>, <c>tanh</c> or <c>sigmoid</c>; part of run ids.</summary>
    public static string Word(this Activation activation) => activation switch
    {
        Activation.Relu => "relu",
        Activation.Tanh => "tanh",
        Activation.Sigmoid => "sigmoid",
        _ => throw Unknown.Member(activation),
    };

    /// <summary>What the kernels call it.</summary>
    internal static UnitFunction Function(this Activation activation) => activation switch
    {
        Activation.Relu => UnitFunction.Relu,
        Activation.Tanh => UnitFunction.Tanh,
        Activation.Sigmoid => UnitFunction.Sigmoid,
        _ => throw Unknown.Member(activation),
    };
}
