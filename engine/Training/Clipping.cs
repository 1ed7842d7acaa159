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
}

/// <summary>Clipping and its threshold.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Threshold">Positive; in units of the gradient.</param>
public sealed record ClippingSpec(ClippingKind Kind = ClippingKind.None, double Threshold = 0)
{
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

    private static string Word(ClippingKind kind) => kind switch
    {
        ClippingKind.None => "none",
        ClippingKind.Norm => "norm",
        ClippingKind.Elementwise => "elementwise",
        _ => throw Unknown.Member(kind),
    };
}
