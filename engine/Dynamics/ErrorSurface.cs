namespace Repro.Engine.Dynamics;

/// <summary>The error at one place of the surface and its exact gradient.</summary>
/// <param name="Weight">w.</param>
/// <param name="Bias">b.</param>
/// <param name="Error">E.</param>
/// <param name="ByWeight">∂E/∂w.</param>
/// <param name="ByBias">∂E/∂b.</param>
public readonly record struct SurfacePoint(
    double Weight, double Bias, double Error, double ByWeight, double ByBias)
{
    /// <summary>√(∂E/∂w² + ∂E/∂b²).</summary>
    public double Norm => Math.Sqrt((ByWeight * ByWeight) + (ByBias * ByBias));
}

/// <summary>
/// The error of a recurrent network of one hidden unit over its two parameters:
/// x_t = w·σ(x_{t−1}) + b, E = (σ(x_T) − target)².
/// Source: Pascanu, Mikolov, Bengio 2013, eq. (8) and Fig. 6: x_0 = .5, T = 50, target .7.
/// </summary>
public sealed class ErrorSurface
{
    /// <summary>A surface.</summary>
    /// <param name="steps">T, 1 or more.</param>
    /// <param name="start">x_0.</param>
    /// <param name="target">What σ(x_T) should be.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no step, or a value is not finite.
    /// </exception>
    public ErrorSurface(int steps = 50, double start = 0.5, double target = 0.7)
    {
        if (steps < 1)
        {
            throw new ArgumentOutOfRangeException(
                nameof(steps), steps, $"an orbit of {steps} steps; 1 or more are needed");
        }
        if (!double.IsFinite(start) || !double.IsFinite(target))
        {
            throw new ArgumentOutOfRangeException(
                nameof(start), $"start {start} and target {target} have to be finite");
        }
        (Steps, Start, Target) = (steps, start, target);
    }

    /// <summary>T.</summary>
    public int Steps { get; }

    /// <summary>x_0.</summary>
    public double Start { get; }

    /// <summary>What σ(x_T) should be.</summary>
    public double Target { get; }

    /// <summary>E and its gradient, by forward differentiation: with h = σ(x_{t−1}),
    /// dx_t/dw = h + w·h(1 − h)·dx_{t−1}/dw and dx_t/db = 1 + w·h(1 − h)·dx_{t−1}/db.</summary>
    /// <param name="weight">w.</param>
    /// <param name="bias">b.</param>
    public SurfacePoint At(double weight, double bias)
    {
        double x = Start;
        double byWeight = 0;
        double byBias = 0;
        for (int t = 0; t < Steps; t++)
        {
            double h = ScalarFunctions.Sigmoid(x);
            double slope = weight * h * (1 - h);
            byWeight = h + (slope * byWeight);
            byBias = 1 + (slope * byBias);
            x = (weight * h) + bias;
        }
        double y = ScalarFunctions.Sigmoid(x);
        double miss = y - Target;
        double outer = 2 * miss * y * (1 - y);
        return new SurfacePoint(weight, bias, miss * miss, outer * byWeight, outer * byBias);
    }
}
