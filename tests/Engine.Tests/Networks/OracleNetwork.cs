using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Networks;

/// <summary>A simple network as plain loops.</summary>
internal sealed class OracleNetwork(NetworkSpec spec, double[] parameters)
    : Oracle<double[]>(spec, new ParameterLayout(spec), parameters)
{
    protected override double[] Start() => new double[Hidden];

    protected override double[] StateOf(double[] state) => state;

    protected override double[] Step(double[] before, double[] x) =>
    [
        .. Sums(before, x).Select(s => Spec.Activation switch
        {
            Activation.Relu => Math.Max(0, s),
            Activation.Tanh => Math.Tanh(s),
            Activation.Sigmoid => Logistic(s),
            _ => throw new InvalidOperationException($"no activation {Spec.Activation}"),
        }),
    ];

    protected override double[] Back(
        double[] before, double[] now, double[] x, double[] dh, double[] gradient)
    {
        double[] ds =
        [
            .. now.Select((h, j) => dh[j] * Spec.Activation switch
            {
                Activation.Relu => h > 0 ? 1 : 0,
                Activation.Tanh => 1 - (h * h),
                Activation.Sigmoid => h * (1 - h),
                _ => throw new InvalidOperationException($"no activation {Spec.Activation}"),
            }),
        ];
        return AddDeltas(ds, before, x, gradient);
    }
}
