namespace Repro.Engine.Numerics;

/// <summary>The words of activations in settings; part of ids, so they never change.</summary>
public static class ActivationWords
{
    /// <summary>The word of an activation.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such activation.</exception>
    public static string Word(this Activation activation) => activation switch
    {
        Activation.Tanh => "tanh",
        Activation.Relu => "relu",
        Activation.Sigmoid => "sigmoid",
        _ => throw new ArgumentOutOfRangeException(
            nameof(activation), activation, "no such activation"),
    };
}
