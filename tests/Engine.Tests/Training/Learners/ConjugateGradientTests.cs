using NUnit.Framework;
using Repro.Engine.Numerics;
using Repro.Engine.Training.Learners;

namespace Repro.Engine.Tests.Training.Learners;

public sealed class ConjugateGradientTests
{
    private static readonly int[] Kept =
    [
        1, 2, 3, 4, 5, 7, 9, 11, 14, 18, 24, 31, 40, 52, 67, 87, 113, 147, 191, 248,
    ];

    [TestCase(100, 26, -2.593636936)]
    [TestCase(1_000, 54, -3.735968558)]
    [TestCase(10_000, 119, -4.838104895)]
    public void A_run_on_the_diagonal_1_to_N_ends_where_it_should(int n, int at, double value)
    {
        ConjugateGradient run = Run(Diagonal(n), Ones(n), new double[n]);

        Assert.That(run.Iterations, Is.EqualTo(at));
        Assert.That(run.Values[^1], Is.EqualTo(value).Within(5e-9));
    }

    [Test]
    public void Values_are_those_of_the_quadratic_on_the_way()
    {
        ConjugateGradient run = Run(Diagonal(100), Ones(100), new double[100]);

        Assert.That(run.Values[0], Is.EqualTo(-0.990099010).Within(5e-9));
        Assert.That(run.Values[9], Is.EqualTo(-2.501223896).Within(5e-9));
        CgIterate tenth = run.Kept.Single(k => k.Iteration == 9);
        double direct = tenth.X.Select((x, i) => (0.5 * (i + 1) * x * x) - x).Sum();
        Assert.That(tenth.Value, Is.EqualTo(direct).Within(1e-12));
    }

    [Test]
    public void Iterates_are_kept_at_powers_of_1_3_and_at_the_end()
    {
        ConjugateGradient run = new(Ones(20_000), new double[20_000], 250, 1e-12);
        Finish(run, Diagonal(20_000));

        Assert.That(
            run.Kept.Select(k => k.Iteration), Is.EqualTo(Kept.Append(run.Iterations)));
        Assert.That(run.Kept[^1].X, Is.EqualTo(run.X));
        Assert.That(run.Iterations, Is.EqualTo(250));
    }

    [Test]
    public void The_solution_is_that_of_elimination_from_any_start_and_with_a_preconditioner()
    {
        (double[,] a, double[] b) = System(12);
        double[] expected = Eliminate(a, b);
        double[] start = new double[12];
        Random(start, 5);
        double[] diagonal = [.. Enumerable.Range(0, 12).Select(i => a[i, i])];
        foreach (double[] from in new[] { new double[12], start })
        {
            foreach (double[]? m in new[] { null, diagonal })
            {
                ConjugateGradient run = new(b, from, 500, 1e-16, m);
                Finish(run, Multiply(a));
                Assert.That(run.X, Is.EqualTo(expected).Within(1e-9));
            }
        }
    }

    [TestCase(100, true)]
    [TestCase(0.5, false)]
    [TestCase(2.01, true)]
    [TestCase(1.99, false)]
    public void A_start_that_is_no_better_than_none_is_dropped_on_request(
        double factor, bool isDropped)
    {
        // Along the solution φ is a parabola through 0 and twice the solution.
        (double[,] a, double[] b) = System(12);
        double[] start = [.. Eliminate(a, b).Select(x => factor * x)];
        double[] First(double[] from, bool drops)
        {
            ConjugateGradient run = new(b, from, 500, 1e-16, null, drops);
            run.Step(Multiply(a));
            return [.. run.X, .. run.Values];
        }
        double[] dropping = First(start, true);

        Assert.That(
            dropping,
            Is.EqualTo(isDropped ? First(new double[12], false) : First(start, false)));
        Assert.That(dropping[^1], Is.Negative);
        Assert.That(start, Is.Not.All.EqualTo(0), "the caller's");
    }

    [Test]
    public void A_start_that_is_no_number_is_dropped_on_request()
    {
        (double[,] a, double[] b) = System(12);
        double[] start = [.. Enumerable.Repeat(double.NaN, 12)];
        ConjugateGradient run = new(b, start, 500, 1e-16, null, dropsWorseStart: true);
        Finish(run, Multiply(a));
        Assert.That(run.X, Is.EqualTo(Eliminate(a, b)).Within(1e-9));
    }

    [Test]
    public void A_run_saved_after_any_iteration_goes_on_to_the_same_bits()
    {
        (double[,] a, double[] b) = System(12);
        double[] m = [.. Enumerable.Range(1, 12).Select(i => (double)i)];
        double[] start = new double[12];
        Random(start, 5);
        ConjugateGradient whole = new(b, start, 9, 1e-16, m);
        List<byte[]> states = [Saved(whole)];
        while (!whole.HasEnded)
        {
            whole.Step(Multiply(a));
            states.Add(Saved(whole));
        }
        foreach (byte[] state in states)
        {
            ConjugateGradient resumed = new(b, new double[12], 9, 1e-16, m);
            resumed.Read(new BinaryReader(new MemoryStream(state)));
            if (!resumed.HasEnded)
            {
                Finish(resumed, Multiply(a));
            }
            Assert.That(Saved(resumed), Is.EqualTo(states[^1]));
        }
    }

    [Test]
    public void A_torn_state_is_refused_before_room_is_made_for_it()
    {
        (double[,] a, double[] b) = System(12);
        ConjugateGradient run = new(b, new double[12], 9, 1e-16);
        run.Step(Multiply(a));
        byte[] state = Saved(run);
        // The number of values follows two flags, a number and three vectors.
        BitConverter.GetBytes(int.MaxValue).CopyTo(state, 2 + 8 + (3 * 12 * 8));
        Assert.That(
            () => run.Read(new BinaryReader(new MemoryStream(state))),
            Throws.TypeOf<InvalidDataException>().With.Message.Contains("2147483647"));
    }

    [TestCase(0.0)]
    [TestCase(-1.0)]
    [TestCase(double.NaN)]
    public void Curvature_that_is_not_positive_ends_a_run_with_what_it_has(double curvature)
    {
        int products = 0;
        ConjugateGradient run = new([1, 1], [0, 0], 10, 1e-3);
        Finish(run, (v, result) =>
        {
            double factor = products++ == 0 ? 2 : curvature;
            result[0] = factor * v[0];
            result[1] = (products == 1 ? 3 : curvature) * v[1];
        });
        Assert.That(run.Iterations, Is.EqualTo(1));
        Assert.That(run.Kept, Has.Count.EqualTo(1));
        Assert.That(run.X, Is.All.InRange(0.1, 1));
    }

    [Test]
    public void Backtracking_leaves_iterates_that_are_worse_than_the_one_before()
    {
        ConjugateGradient run = Run(Diagonal(1_000), Ones(1_000), new double[1_000]);
        double[] aim = run.Kept[6].X;

        int chosen = CgBacktracking.Choose(
            run.Kept, x => x.Zip(aim, (u, v) => (u - v) * (u - v)).Sum());

        Assert.That(run.Kept, Has.Count.GreaterThan(10));
        Assert.That(chosen, Is.EqualTo(6));
        Assert.That(run.X, Is.EqualTo(run.Kept[^1].X), "the next start");
    }

    [Test]
    public void Backtracking_passes_losses_that_are_no_numbers_and_stops_before_them()
    {
        CgIterate[] kept = [.. Enumerable.Range(0, 4).Select(i => new CgIterate(i, 0, [i]))];
        double[] losses = [double.NaN, 1, double.PositiveInfinity, double.NaN];
        Assert.That(CgBacktracking.Choose(kept, x => losses[(int)x[0]]), Is.EqualTo(1));
        double[] rising = [1, 2, 3, 4];
        Assert.That(CgBacktracking.Choose(kept, x => rising[(int)x[0]]), Is.Zero);
        Assert.That(CgBacktracking.Choose(kept, x => -rising[(int)x[0]]), Is.EqualTo(3));
    }

    private static ConjugateGradient Run(VectorProduct a, double[] b, double[] start)
    {
        ConjugateGradient run = new(b, start, 10_000, 5e-4);
        Finish(run, a);
        return run;
    }

    private static void Finish(ConjugateGradient run, VectorProduct a)
    {
        while (!run.HasEnded)
        {
            run.Step(a);
        }
    }

    private static double[] Ones(int n) => [.. Enumerable.Repeat(1.0, n)];

    private static VectorProduct Diagonal(int n) => (v, result) =>
    {
        Assert.That(v.Length, Is.EqualTo(n));
        for (int i = 0; i < n; i++)
        {
            result[i] = (i + 1) * v[i];
        }
    };

    private static VectorProduct Multiply(double[,] a) => (v, result) =>
    {
        for (int i = 0; i < v.Length; i++)
        {
            result[i] = 0;
            for (int j = 0; j < v.Length; j++)
            {
                result[i] += a[i, j] * v[j];
            }
        }
    };

    private static void Random(double[] values, ulong seed) =>
        Networks.Random.Fill<double>(values, 1, seed, 1);

    /// <summary>A = CᵀC + I and b of random numbers.</summary>
    private static (double[,] A, double[] B) System(int n)
    {
        double[] c = new double[n * n];
        double[] b = new double[n];
        Random(c, 1);
        Random(b, 2);
        double[,] a = new double[n, n];
        for (int i = 0; i < n; i++)
        {
            for (int j = 0; j < n; j++)
            {
                a[i, j] = (i == j ? 1 : 0)
                    + Enumerable.Range(0, n).Sum(k => c[(k * n) + i] * c[(k * n) + j]);
            }
        }
        return (a, b);
    }

    private static double[] Eliminate(double[,] matrix, double[] right)
    {
        int n = right.Length;
        double[,] a = (double[,])matrix.Clone();
        double[] x = [.. right];
        for (int k = 0; k < n; k++)
        {
            for (int i = k + 1; i < n; i++)
            {
                double factor = a[i, k] / a[k, k];
                for (int j = k; j < n; j++)
                {
                    a[i, j] -= factor * a[k, j];
                }
                x[i] -= factor * x[k];
            }
        }
        for (int i = n - 1; i >= 0; i--)
        {
            for (int j = i + 1; j < n; j++)
            {
                x[i] -= a[i, j] * x[j];
            }
            x[i] /= a[i, i];
        }
        return x;
    }

    private static byte[] Saved(ConjugateGradient run)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        run.Write(writer);
        writer.Flush();
        return stream.ToArray();
    }
}
