using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Training;

/// <summary>What happens to a large gradient before the step.</summary>
public enum ClippingKind
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The whole gradient is scaled to the threshold when its norm reaches it.
    /// Source: Pascanu, Mikolov, Bengio 2013, Algorithm 1.</summary>
    Norm,

    /// <summary>Each component is cut to ±threshold.</summary>
    Elementwise,

    /// <summary>
    /// Nothing is done to the finished gradient; within the backward sweep, at every step and in
    /// every sequence, each element of dE/ds_t, the gradient of the summed pre-activations, is
    /// cut to ±threshold before it is used for the weights' gradient and for step t − 1. It is
    /// past the activation's derivative, and of an LSTM it is that of all four gates; what goes
    /// back through an LSTM's cells or a leaky unit's own state is not cut. The threshold is in
    /// units of the loss's mean over a batch times the run's loss factor. What comes out is not
    /// the gradient of any loss.
    /// Source: Lasagne 2016, <c>grad_clipping</c> of its recurrent layers:
    /// theano.gradient.grad_clip on the summed hidden input; Graves 2013 for the idea.
    /// </summary>
    Message,
}

/// <summary>Clipping and its threshold.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Threshold">Positive; in units of the gradient.</param>
public sealed record ClippingSpec(ClippingKind Kind = ClippingKind.None, double Threshold = 0)
{
    /// <summary>The component of clipping whose version is its own; null for the others, whose
    /// version is that of training.</summary>
    internal PartVersion? Part =>
        Kind == ClippingKind.Message ? new PartVersion("clipping.message", 1) : null;

    /// <summary>Clipping as settings say.</summary>
    /// <param name="training">A run's settings of training.</param>
    /// <exception cref="SettingsException">There is no such clipping, or no threshold.
    /// </exception>
    public static ClippingSpec Read(SettingsNode training)
    {
        ClippingKind kind = training["clipping"].Member<ClippingKind>(k => Word(k));
        return kind == ClippingKind.None ? new() : new(kind, training["threshold"].Number);
    }

    /// <summary>Checks the range.</summary>
    /// <exception cref="ArgumentException">The threshold is not positive.</exception>
    public void Validate()
    {
        if (Kind != ClippingKind.None && !(double.IsFinite(Threshold) && Threshold > 0))
        {
            throw new ArgumentException(
                $"clipping threshold is {Threshold}; a finite number above 0 is needed");
        }
    }

    internal void Describe(JsonObject training)
    {
        training["clipping"] = Word(Kind);
        training["threshold"] = Kind == ClippingKind.None ? null : Threshold;
    }

    internal static string Word(ClippingKind kind) => kind switch
    {
        ClippingKind.None => "none",
        ClippingKind.Norm => "norm",
        ClippingKind.Elementwise => "elementwise",
        ClippingKind.Message => "message",
        _ => throw Unknown.Member(kind),
    };
}
