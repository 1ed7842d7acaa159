using System.Numerics;
using Repro.Engine.Networks;

namespace Repro.Engine.Tests.Networks;

/// <summary>Relative distances of vectors.</summary>
internal static class Distance
{
    /// <summary>‖a − b‖ / ‖b‖; ‖a‖ where b is zero.</summary>
    public static double Relative<T>(ReadOnlySpan<T> a, ReadOnlySpan<double> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (a.Length != b.Length)
        {
            throw new ArgumentException($"{a.Length} elements against {b.Length}");
        }
        double difference = 0;
        double norm = 0;
        for (int i = 0; i < a.Length; i++)
        {
            double d = double.CreateChecked(a[i]) - b[i];
            difference += d * d;
            norm += b[i] * b[i];
        }
        return Math.Sqrt(difference / (norm > 0 ? norm : 1));
    }

    /// <summary>The worst block's name and relative distance.</summary>
    public static (double Worst, string Block) OfBlocks<T>(
        ParameterLayout layout, ReadOnlySpan<T> a, ReadOnlySpan<double> b)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double Worst, string Block) worst = (0, "none");
        foreach (ParameterView view in layout.Views)
        {
            double distance = Relative(view.Of(a), view.Of(b));
            if (!(distance <= worst.Worst))
            {
                worst = (distance, view.Name);
            }
        }
        return worst;
    }
}
