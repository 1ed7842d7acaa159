using System.Text.Json;
using NUnit.Framework;

namespace Repro.Engine.Tests.Numerics;

/// <summary>True values from Fixtures/elementary.json, and distances in last places.</summary>
internal static class ElementaryFixture
{
    /// <summary>(x, y) with x a float32 exactly and y the float64 nearest the true value.</summary>
    public static (double X, double Y)[] Points(string function)
    {
        string path = Path.Combine(
            TestContext.CurrentContext.TestDirectory, "Fixtures", "elementary.json");
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return
        [
            .. document.RootElement.GetProperty(function).EnumerateArray()
                .Select(pair => (pair[0].GetDouble(), pair[1].GetDouble())),
        ];
    }

    /// <summary>|value − truth| in units of truth's last place as a float64.</summary>
    public static double Ulps64(double value, double truth)
    {
        double unit = Math.Max(
            Math.BitIncrement(Math.Abs(truth)) - Math.Abs(truth), double.Epsilon);
        return Math.Abs(value - truth) / unit;
    }

    /// <summary>|value − truth| in units of truth's last place as a float32.</summary>
    public static double Ulps32(double value, double truth)
    {
        float nearest = MathF.Abs((float)truth);
        double unit = (double)MathF.BitIncrement(nearest) - nearest;
        return Math.Abs(value - truth) / unit;
    }
}
