namespace Repro.Engine.Training.Learners;

/// <summary>
/// The longest of the steps 1, .8, .8², … that lowers a loss.
/// Source: Sutskever's released program of 2011.
/// </summary>
internal static class LineSearch
{
    private const int Trials = 50;
    private const double Ratio = 0.8;

    /// <summary>The step's length; 0 when none lowers the loss.</summary>
    /// <param name="longest">The first length tried.</param>
    /// <param name="loss">The loss at a length.</param>
    /// <param name="atZero">The loss now.</param>
    public static double Length(double longest, Func<double, double> loss, double atZero)
    {
        double length = longest;
        for (int i = 0; i < Trials; i++)
        {
            if (loss(length) < atZero)
            {
                return length;
            }
            length *= Ratio;
        }
        return 0;
    }
}
