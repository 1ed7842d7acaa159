using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>A clockwork network as plain loops: one mask of weights in use, and for each unit and
/// step the question whether its period divides t.</summary>
internal sealed class OracleClockwork(NetworkSpec spec, Clockwork clockwork, double[] parameters)
    : Oracle<OracleClockwork.State>(
        spec, new ParameterLayout(spec), Masked(spec, clockwork, parameters))
{
    private readonly int[] periods = Periods(spec, clockwork);

    /// <summary>The period of each unit.</summary>
    public static int[] Periods(NetworkSpec spec, Clockwork clockwork)
    {
        int h = spec.HiddenSize;
        int g = clockwork.Periods.Count;
        List<int> periods = [];
        for (int i = 0; i < g; i++)
        {
            int size = (h / g) + (i < h % g ? 1 : 0);
            periods.AddRange(Enumerable.Repeat(clockwork.Periods[i], size));
        }
        return [.. periods];
    }

    /// <summary>The parameters with 0 for every weight from a unit to a slower one.</summary>
    public static double[] Masked(NetworkSpec spec, Clockwork clockwork, double[] parameters)
    {
        double[] masked = [.. parameters];
        int[] periods = Periods(spec, clockwork);
        ParameterView weights = new ParameterLayout(spec).RecurrentWeights;
        for (int from = 0; from < periods.Length; from++)
        {
            for (int to = 0; to < periods.Length; to++)
            {
                if (periods[to] > periods[from])
                {
                    masked[weights.Offset + (from * periods.Length) + to] = 0;
                }
            }
        }
        return masked;
    }

    protected override State Start() => new(new double[Hidden], -1);

    protected override double[] StateOf(State state) => state.H;

    protected override State Step(State before, double[] x)
    {
        int t = before.Step + 1;
        double[] sums = Sums(before.H, x);
        return new State(
            [
                .. before.H.Select((h, j) => !Works(j, t) ? h : Spec.Activation switch
                {
                    Activation.Relu => Math.Max(0, sums[j]),
                    Activation.Tanh => Math.Tanh(sums[j]),
                    Activation.Sigmoid => Logistic(sums[j]),
                    _ => throw new InvalidOperationException($"no {Spec.Activation}"),
                }),
            ],
            t);
    }

    protected override double[] Back(
        State before, State now, double[] x, double[] dh, double[] gradient)
    {
        double[] ds =
        [
            .. now.H.Select((h, j) => !Works(j, now.Step) ? 0 : dh[j] * Spec.Activation switch
            {
                Activation.Relu => h > 0 ? 1 : 0,
                Activation.Tanh => 1 - (h * h),
                Activation.Sigmoid => h * (1 - h),
                _ => throw new InvalidOperationException($"no {Spec.Activation}"),
            }),
        ];
        double[] share = new double[gradient.Length];
        double[] previous = AddDeltas(ds, before.H, x, share);
        share = Masked(Spec, clockwork, share);
        for (int i = 0; i < gradient.Length; i++)
        {
            gradient[i] += share[i];
        }
        for (int j = 0; j < Hidden; j++)
        {
            previous[j] += Works(j, now.Step) ? 0 : dh[j];
        }
        return previous;
    }

    private bool Works(int unit, int t) => (t + clockwork.Start) % periods[unit] == 0;

    /// <param name="H">h.</param>
    /// <param name="Step">The step that made it, counted from 0.</param>
    internal sealed record State(double[] H, int Step);
}
