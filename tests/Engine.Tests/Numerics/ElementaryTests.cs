using System.Numerics;
using System.Runtime.InteropServices;
using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>
/// Elementary functions against values from 160-digit arithmetic. The bounds are the errors
/// measured over the fixture's points, rounded up: a worse approximation fails.
/// </summary>
public class ElementaryTests
{
    [Test]
    public void Scalar_exp_is_within_a_unit_of_the_last_place_up_to_its_limits()
    {
        double worst = Worst("exp", -708, 708, Elementary.Exp);
        Assert.That(worst, Is.LessThanOrEqualTo(1.0));
    }

    [TestCase(708.5)]
    [TestCase(709.0)]
    [TestCase(709.5)]
    [TestCase(double.PositiveInfinity)]
    public void Scalar_exp_beyond_its_upper_limit_is_infinite(double x) =>
        Assert.That(Elementary.Exp(x), Is.EqualTo(double.PositiveInfinity));

    [TestCase(-708.5)]
    [TestCase(-745.0)]
    [TestCase(double.NegativeInfinity)]
    public void Scalar_exp_beyond_its_lower_limit_is_zero(double x) =>
        Assert.That(Elementary.Exp(x), Is.Zero);

    [Test]
    public void Log_is_within_a_unit_of_the_last_place_subnormal_arguments_included()
    {
        double worst = Worst("log", 0, double.MaxValue, Elementary.Log);
        Assert.That(worst, Is.LessThanOrEqualTo(1.0));
        Assert.That(Elementary.Log(5e-324), Is.EqualTo(-744.4400719213812).Within(1e-12));
    }

    [Test]
    public void Log_and_exp_of_what_has_none_are_as_documented()
    {
        Assert.That(Elementary.Log(0), Is.EqualTo(double.NegativeInfinity));
        Assert.That(Elementary.Log(-1), Is.NaN);
        Assert.That(Elementary.Log(double.NaN), Is.NaN);
        Assert.That(
            Elementary.Log(double.PositiveInfinity), Is.EqualTo(double.PositiveInfinity));
        Assert.That(Elementary.Exp(double.NaN), Is.NaN);
    }

    [Test]
    public void Pow_inverts_its_reciprocal()
    {
        foreach (double x in new[] { 1e-5, 0.3, 1, 2, 784, 1e6 })
        {
            Assert.That(
                Elementary.Pow(Elementary.Pow(x, 1 / 3.0), 3), Is.EqualTo(x).Within(1e-11).Percent);
        }
    }

    [Test]
    public void The_normal_quantile_is_within_a_few_units_of_the_last_place()
    {
        double worst = Worst("inverseNormal", 0, 1, Gaussian.InverseCdf);
        Assert.That(worst, Is.LessThanOrEqualTo(4.0));
    }

    [TestCase(0.0)]
    [TestCase(1.0)]
    [TestCase(double.NaN)]
    public void The_normal_quantile_outside_the_open_unit_interval_is_an_error(double p) =>
        Assert.That(
            () => Gaussian.InverseCdf(p),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contains("between 0 and 1"));

    [TestCase(VectorFunction.Exp, 1.5)]
    [TestCase(VectorFunction.Tanh, 3.0)]
    [TestCase(VectorFunction.Sigmoid, 2.0)]
    public void Vector_functions_in_single_precision_are_right_at_every_width(
        object function, double bound)
    {
        double worst = WorstOfVectors<float>(
            (VectorFunction)function, 87, ElementaryFixture.Ulps32);
        Assert.That(worst, Is.LessThanOrEqualTo(bound));
    }

    [TestCase(VectorFunction.Exp, 1.5)]
    [TestCase(VectorFunction.Tanh, 3.0)]
    [TestCase(VectorFunction.Sigmoid, 3.0)]
    public void Vector_functions_in_double_precision_are_right_at_every_width(
        object function, double bound)
    {
        double worst = WorstOfVectors<double>(
            (VectorFunction)function, 708, ElementaryFixture.Ulps64);
        Assert.That(worst, Is.LessThanOrEqualTo(bound));
    }

    [TestCase(VectorFunction.Exp, -87, 87, 1.5)]
    [TestCase(VectorFunction.Tanh, -10, 10, 3.0)]
    [TestCase(VectorFunction.Sigmoid, -30, 30, 3.0)]
    public void Single_precision_follows_double_precision_between_the_fixed_points(
        object function, double low, double high, double bound)
    {
        float[] x = [.. Grid(low, high, 200_001).Select(v => (float)v)];
        double[] wide = [.. x.Select(v => (double)v)];
        float[] y = VectorFunctions.Apply(InstructionSets.Best, (VectorFunction)function, x);
        double[] truth = VectorFunctions.Apply(
            InstructionSets.Best, (VectorFunction)function, wide);
        double worst = y.Zip(truth, (v, t) => ElementaryFixture.Ulps32(v, t)).Max();
        TestContext.Out.WriteLine($"{function}: {worst:F2} ulp (float32)");
        Assert.That(worst, Is.LessThanOrEqualTo(bound));
    }

    [Test]
    public void Log_of_one_plus_e_is_right_in_both_precisions_and_at_every_width()
    {
        double[] e = [0, 1e-300, 1e-40, 1e-30, 1e-9, .. Grid(0, 1, 2001)];
        double[] got = AtEveryWidth(VectorFunction.Log1p, e);
        double worst = e.Zip(got, (x, y) => ElementaryFixture.Ulps64(y, TrueLog1p(x))).Max();
        float[] single = [.. e.Select(x => (float)x)];
        float[] got32 = AtEveryWidth(VectorFunction.Log1p, single);
        double worst32 = single
            .Zip(got32, (x, y) => ElementaryFixture.Ulps32(y, TrueLog1p(x))).Max();
        TestContext.Out.WriteLine($"log1p: {worst:F2} ulp (float64), {worst32:F2} ulp (float32)");
        Assert.That(worst, Is.LessThanOrEqualTo(4.0));
        Assert.That(worst32, Is.LessThanOrEqualTo(3.0));
    }

    [Test]
    public void Exp_beyond_the_limit_of_single_precision_stays_at_the_limit()
    {
        float[] y = AtEveryWidth<float>(
            VectorFunction.Exp, [-1000, -88, -87, 87, 88, 1000, float.PositiveInfinity]);
        Assert.That(y[0], Is.EqualTo(y[2]).And.EqualTo(y[1]));
        Assert.That(y[4], Is.EqualTo(y[3]).And.EqualTo(y[5]).And.EqualTo(y[6]));
        Assert.That(float.IsNormal(y[2]) && float.IsNormal(y[3]));
    }

    [Test]
    public void Tanh_is_odd_and_keeps_its_relative_accuracy_near_zero() => InBoth(
        VectorFunction.Tanh, (x, y, minus, unit) =>
        {
            Assert.That(minus, Is.EqualTo(-y), $"tanh({-x})");
            if (x is > 0 and < 1e-3)
            {
                // tanh x = x − x³/3 + 2x⁵/15 − …
                double truth = x * (1 - (x * x / 3) + (2 * x * x * x * x / 15));
                Assert.That(Math.Abs(y - truth) / truth, Is.LessThanOrEqualTo(unit), $"{x}");
            }
        });

    [Test]
    public void Sigmoid_is_symmetric_about_one_half() => InBoth(
        VectorFunction.Sigmoid, (x, y, minus, unit) =>
        {
            Assert.That(y + minus, Is.EqualTo(1).Within(unit), $"sigmoid(±{x})");
            Assert.That(y, Is.GreaterThanOrEqualTo(0.5).And.LessThanOrEqualTo(1));
        });

    [Test]
    public void Every_function_passes_a_NaN_on()
    {
        foreach (VectorFunction function in Enum.GetValues<VectorFunction>())
        {
            foreach (InstructionSet set in Widths.All)
            {
                float[] single = VectorFunctions.Apply(
                    set, function, [.. Enumerable.Repeat(float.NaN, 16)]);
                double[] wide = VectorFunctions.Apply(
                    set, function, [.. Enumerable.Repeat(double.NaN, 8)]);
                Assert.That(single, Is.All.NaN, $"{function} at {set}");
                Assert.That(wide, Is.All.NaN, $"{function} at {set}");
            }
        }
    }

    private static double Worst(
        string name, double low, double high, Func<double, double> function)
    {
        (double X, double Y)[] points =
            [.. ElementaryFixture.Points(name).Where(p => p.X >= low && p.X <= high)];
        Assert.That(points, Has.Length.GreaterThan(150));
        (double ulps, double at) =
            points.Max(p => (ElementaryFixture.Ulps64(function(p.X), p.Y), p.X));
        TestContext.Out.WriteLine($"{name}: {ulps:F2} ulp (float64) at {at:R}");
        return ulps;
    }

    private static double WorstOfVectors<T>(
        VectorFunction function, double limit, Func<double, double, double> distance)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        (double X, double Y)[] points =
        [
            .. ElementaryFixture.Points(function.ToString().ToLowerInvariant())
                .Where(p => Math.Abs(p.X) <= limit || function == VectorFunction.Tanh),
        ];
        Assert.That(points, Has.Length.GreaterThan(150));
        T[] y = AtEveryWidth(function, [.. points.Select(p => T.CreateChecked(p.X))]);
        (double ulps, double at) = points
            .Zip(y, (p, v) => (distance(double.CreateChecked(v), p.Y), p.X)).Max();
        TestContext.Out.WriteLine($"{function}: {ulps:F2} ulp ({typeof(T).Name}) at {at:R}");
        return ulps;
    }

    private static T[] AtEveryWidth<T>(VectorFunction function, T[] x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        byte[] bytes = Widths.SameBytes(
            set => MemoryMarshal.AsBytes<T>(VectorFunctions.Apply(set, function, x)).ToArray(),
            function.ToString());
        return MemoryMarshal.Cast<byte, T>(bytes).ToArray();
    }

    private static void InBoth(
        VectorFunction function,
        Action<double, double, double, double> check)
    {
        double[] x =
        [
            .. Enumerable.Range(0, 90).Select(k => Math.ScaleB(1.37, -k)),
            .. Grid(0, 20, 500),
        ];
        double[] y = AtEveryWidth(function, x);
        double[] minus = AtEveryWidth<double>(function, [.. x.Select(v => -v)]);
        float[] x32 = [.. x.Select(v => (float)v)];
        float[] y32 = AtEveryWidth(function, x32);
        float[] minus32 = AtEveryWidth<float>(function, [.. x32.Select(v => -v)]);
        for (int i = 0; i < x.Length; i++)
        {
            check(x[i], y[i], minus[i], Math.ScaleB(1, -51));
            check(x32[i], y32[i], minus32[i], Math.ScaleB(1, -22));
        }
    }

    private static IEnumerable<double> Grid(double low, double high, int points) =>
        Enumerable.Range(0, points).Select(i => low + ((high - low) * i / (points - 1)));

    // log(1 + x) = 2 artanh(x/(2 + x)); the sum runs from the smallest term.
    private static double TrueLog1p(double x)
    {
        decimal s = (decimal)x / (2 + (decimal)x);
        if (x < 1e-9)
        {
            return x - (x * x / 2);
        }
        decimal sum = 0;
        for (int k = 61; k >= 1; k -= 2)
        {
            sum = (sum * s * s) + (1m / k);
        }
        return (double)(2 * s * sum);
    }
}
