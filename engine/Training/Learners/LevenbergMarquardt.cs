namespace Repro.Engine.Training.Learners;

/// <summary>
/// How λ follows the reduction ratio ρ, the change of the loss as a share of what the model of
/// the step foresaw: below ¼, or where ρ is no number, λ grows by half; above ¾ it shrinks by a
/// third.
/// Source: Martens 2010, §4.1.
/// </summary>
internal static class LevenbergMarquardt
{
    private const double Poor = 0.25;
    private const double Good = 0.75;
    private const double Growth = 3.0 / 2;
    private const double Decline = 2.0 / 3;

    /// <summary>ρ; −∞ when the model foresees no fall.</summary>
    /// <param name="change">f(θ + p) − f(θ).</param>
    /// <param name="model">q(p) − q(0).</param>
    public static double Ratio(double change, double model) =>
        model < 0 ? change / model
        : double.IsNaN(change) || double.IsNaN(model) ? double.NaN
        : double.NegativeInfinity;

    /// <summary>The next λ.</summary>
    /// <param name="lambda">λ.</param>
    /// <param name="ratio">ρ.</param>
    /// <param name="floor">The least λ: G has no full rank, and a λ that sinks towards 0 leaves
    /// directions that nothing holds.</param>
    public static double Next(double lambda, double ratio, double floor)
    {
        double factor = double.IsNaN(ratio) || ratio < Poor ? Growth
            : ratio > Good ? Decline
            : 1;
        return Math.Max(lambda * factor, floor);
    }
}
