using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;

namespace Repro.Engine.Networks.Initializers;

/// <summary>Which N a formula of the paper means where it may be read two ways.</summary>
public enum SizeRule
{
    /// <summary>The number of hidden units.</summary>
    Hidden,

    /// <summary>The number of inputs.</summary>
    Input,
}

/// <summary>How the readout weights' scale 2/(in + out) is read.</summary>
public enum ReadoutScale
{
    /// <summary>As the variance, as the paper prints it.</summary>
    Variance,

    /// <summary>As the standard deviation, as one later implementation has it.</summary>
    Deviation,
}

/// <summary>
/// Input and readout weights: W_hx is α·N(0, 1/N), W_yh N(0, 2/(H + O)), biases are 0.
/// Source: Talathi and Vartak 2016, eq. (10) and the text below it. What the paper leaves open is
/// a setting each.
/// </summary>
public sealed record WeightScales
{
    internal const int BehaviourVersion = 1;
    private const string OwnInputMember = "inputDeviation";

    /// <summary>
    /// The standard deviation of W_hx and W_yh alike, 0 or more; the other settings then say
    /// nothing. Null for the rule above.
    /// Source: Pascanu, Mikolov, Bengio 2013, supplement.
    /// </summary>
    public double? Deviation { get; init; }

    /// <summary>
    /// The standard deviation of W_hx alone, 0 or more; α and both sizes then say nothing. Null
    /// for the rule above.
    /// Source: the IRNN example of Keras, 2015, after Le, Jaitly, Hinton: .001 on MNIST.
    /// </summary>
    public double? OwnInputDeviation { get; init; }

    /// <summary>Checks the range.</summary>
    /// <exception cref="ArgumentException">A deviation is negative or not finite.</exception>
    public void Validate()
    {
        Check("the weights'", Deviation);
        Check("the input weights'", OwnInputDeviation);
        static void Check(string whose, double? deviation)
        {
            if (deviation is { } d && !(double.IsFinite(d) && d >= 0))
            {
                throw new ArgumentException(
                    $"{whose} standard deviation is {d}; a finite number of 0 or more is needed");
            }
        }
    }

    /// <summary>Whether α multiplies W_hx.</summary>
    public bool UseAlpha { get; init; } = true;

    /// <summary>The N in α.</summary>
    public SizeRule AlphaSize { get; init; } = SizeRule.Hidden;

    /// <summary>The N in the variance 1/N of W_hx.</summary>
    public SizeRule InputVarianceSize { get; init; } = SizeRule.Hidden;

    /// <summary>How W_yh's scale is read.</summary>
    public ReadoutScale Readout { get; init; } = ReadoutScale.Variance;

    /// <summary>The components that the scales are made of.</summary>
    internal IEnumerable<PartVersion> Parts
    {
        get
        {
            yield return new("weight-scales", BehaviourVersion);
            if (OwnInputDeviation is not null)
            {
                yield return new("input-deviation", 1);
            }
        }
    }

    /// <summary>α = √2·exp(1.2/(max(N, 6) − 2.4)); 1.43171 at N = 100.
    /// Source: Talathi and Vartak 2016, eq. (10), after Sussillo and Abbott.</summary>
    /// <param name="n">N, 1 or more.</param>
    public static double Alpha(int n)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(n, 1);
        return Math.Sqrt(2) * Elementary.Exp(1.2 / (Math.Max(n, 6) - 2.4));
    }

    /// <summary>Standard deviation of W_hx's entries, α included.</summary>
    public double InputDeviation(NetworkSpec spec)
    {
        if (Deviation is { } deviation)
        {
            return deviation;
        }
        if (OwnInputDeviation is { } own)
        {
            return own;
        }
        int N(SizeRule rule) => rule switch
        {
            SizeRule.Hidden => spec.HiddenSize,
            SizeRule.Input => spec.InputSize,
            _ => throw new InvalidOperationException($"no size is called {rule}"),
        };
        double alpha = UseAlpha ? Alpha(N(AlphaSize)) : 1;
        return alpha / Math.Sqrt(N(InputVarianceSize));
    }

    /// <summary>Standard deviation of W_yh's entries.</summary>
    public double ReadoutDeviation(NetworkSpec spec)
    {
        if (Deviation is { } deviation)
        {
            return deviation;
        }
        double scale = 2.0 / (spec.HiddenSize + spec.OutputSize);
        return Readout switch
        {
            ReadoutScale.Variance => Math.Sqrt(scale),
            ReadoutScale.Deviation => scale,
            _ => throw new InvalidOperationException($"no readout scale is called {Readout}"),
        };
    }

    /// <summary>The scales that settings describe.</summary>
    /// <param name="node">The member <c>initializer</c> of a run's settings.</param>
    /// <exception cref="SettingsException">A member is missing, misspelt or of another kind.
    /// </exception>
    public static WeightScales Read(SettingsNode node)
    {
        if (node.Has("deviation"))
        {
            node.Only("recurrent", "deviation");
            return new WeightScales { Deviation = node["deviation"].Number };
        }
        if (node.Has(OwnInputMember))
        {
            node.Only("recurrent", OwnInputMember, "readoutScale");
            return new WeightScales
            {
                OwnInputDeviation = node[OwnInputMember].Number,
                Readout = node["readoutScale"].Member<ReadoutScale>(Word),
            };
        }
        node.Only(
            "recurrent", "alpha", "alphaSize", "inputVarianceSize", "readoutScale",
            OwnInputMember);
        bool useAlpha = node["alpha"].Flag;
        return new WeightScales
        {
            UseAlpha = useAlpha,
            AlphaSize = useAlpha ? Size(node["alphaSize"]) : SizeRule.Hidden,
            InputVarianceSize = Size(node["inputVarianceSize"]),
            Readout = node["readoutScale"].Member<ReadoutScale>(Word),
        };
    }

    /// <summary>Writes the settings that <see cref="Read"/> reads.</summary>
    internal void Describe(JsonObject initializer)
    {
        if (Deviation is { } deviation)
        {
            initializer["deviation"] = deviation;
            return;
        }
        initializer["readoutScale"] = Word(Readout);
        if (OwnInputDeviation is { } own)
        {
            initializer[OwnInputMember] = own;
            return;
        }
        initializer["alpha"] = UseAlpha;
        initializer["alphaSize"] = UseAlpha ? Word(AlphaSize) : null;
        initializer["inputVarianceSize"] = Word(InputVarianceSize);
    }

    private static SizeRule Size(SettingsNode node) => node.Member<SizeRule>(Word);

    private static string Word(SizeRule rule) => rule switch
    {
        SizeRule.Hidden => "hidden",
        SizeRule.Input => "input",
        _ => throw Unknown.Member(rule),
    };

    private static string Word(ReadoutScale scale) => scale switch
    {
        ReadoutScale.Variance => "variance",
        ReadoutScale.Deviation => "deviation",
        _ => throw Unknown.Member(scale),
    };
}
