namespace Repro.Engine.Training.Learners;

/// <summary>
/// Which iterate of a run of conjugate gradients becomes the step: from the last one kept
/// backwards, as long as the one before has a lower loss.
/// Source: Martens 2010, §4.6; his released program.
/// </summary>
internal static class CgBacktracking
{
    /// <summary>The index of the iterate.</summary>
    /// <param name="kept">The iterates kept, 1 or more.</param>
    /// <param name="loss">The loss after a step.</param>
    public static int Choose(IReadOnlyList<CgIterate> kept, Func<double[], double> loss)
    {
        int best = kept.Count - 1;
        double lowest = loss(kept[best].X);
        while (best > 0)
        {
            double value = loss(kept[best - 1].X);
            if (!(value < lowest) && double.IsFinite(lowest))
            {
                break;
            }
            lowest = value;
            best--;
        }
        return best;
    }
}
