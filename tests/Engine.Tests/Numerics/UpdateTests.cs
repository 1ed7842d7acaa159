using System.Numerics;
using System.Text.Json;
using NUnit.Framework;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tests.Numerics;

/// <summary>Norms and updates against PyTorch's steps and against plain loops.</summary>
[TestFixture(typeof(float))]
[TestFixture(typeof(double))]
public unsafe class UpdateTests<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static readonly int[] Lengths = [0, 1, 5, 15, 16, 17, 63, 64, 65, 200, 1000];

    [TestCase("optimiser-sgd-clip.json")]
    [TestCase("optimiser-rmsprop.json")]
    [TestCase("optimiser-rmsprop-clip.json")]
    public void Five_steps_follow_PyTorch(string file)
    {
        string path = Path.Combine(
            TestContext.CurrentContext.TestDirectory, "Fixtures", file);
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        JsonElement f = document.RootElement;
        bool single = typeof(T) == typeof(float);
        JsonElement after = f.GetProperty(single ? "after32" : "after");
        double? threshold = f.GetProperty("clip").ValueKind == JsonValueKind.Null
            ? null
            : f.GetProperty("clip").GetDouble();
        double rate = f.GetProperty("lr").GetDouble();
        foreach (InstructionSet set in Widths.All)
        {
            Kernels<T> kernels = Kernels<T>.For(set);
            using AlignedBuffer<T> p = Buffer(f.GetProperty("start"));
            using AlignedBuffer<T> v = new(p.Length);
            foreach ((JsonElement gradient, JsonElement expected) in
                f.GetProperty("gradients").EnumerateArray().Zip(after.EnumerateArray()))
            {
                using AlignedBuffer<T> g = Buffer(gradient);
                double norm = Math.Sqrt(kernels.SumOfSquares(g.Pointer, g.Length));
                double clip = norm > threshold ? threshold.Value / norm : 1;
                if (f.GetProperty("optimiser").GetString() == "sgd")
                {
                    kernels.Axpy(-(rate * clip), g.Pointer, p.Pointer, p.Length);
                }
                else
                {
                    kernels.RmsProp(
                        p.Pointer, g.Pointer, v.Pointer, p.Length, rate, clip,
                        f.GetProperty("alpha").GetDouble(), f.GetProperty("eps").GetDouble());
                }
                double tolerance = single ? 5e-7 : 1e-15;
                Assert.That(
                    p.Span.ToArray().Select(double.CreateChecked),
                    Is.EqualTo(expected.EnumerateArray().Select(e => e.GetDouble()))
                        .Within(tolerance), $"{set}");
            }
        }
    }

    [Test]
    public void The_sum_of_squares_runs_over_64_partial_sums_at_every_width()
    {
        Shapes shapes = new(201);
        foreach (int length in Lengths)
        {
            using AlignedBuffer<T> v = shapes.Normal<T>(length);
            T[] partial = new T[64];
            for (int i = 0; i < length; i++)
            {
                T x = v.Pointer[i];
                partial[i % 64] = T.FusedMultiplyAdd(x, x, partial[i % 64]);
            }
            double expected = partial.Sum(double.CreateChecked);
            foreach (InstructionSet set in Widths.All)
            {
                Assert.That(
                    Kernels<T>.For(set).SumOfSquares(v.Pointer, length), Is.EqualTo(expected),
                    $"{length} elements at {set}");
            }
        }
    }

    [Test]
    public void Gradient_descent_is_one_fused_multiply_add_an_element()
    {
        const double rate = 0.013;
        Shapes shapes = new(202);
        foreach (int length in Lengths)
        {
            using AlignedBuffer<T> p = shapes.Normal<T>(length);
            using AlignedBuffer<T> g = shapes.Normal<T>(length);
            T[] expected =
            [
                .. p.Span.ToArray().Zip(g.Span.ToArray(), (x, d) =>
                    T.FusedMultiplyAdd(T.CreateChecked(-rate), d, x)),
            ];
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> got = Shapes.Copy(p);
                Kernels<T>.For(set).Axpy(-rate, g.Pointer, got.Pointer, length);
                Assert.That(got.Span.ToArray(), Is.EqualTo(expected), $"{length} at {set}");
            }
        }
    }

    [Test]
    public void RmsProp_is_its_formula_with_one_fused_multiply_add()
    {
        const double rate = 1e-3;
        const double clip = 0.7;
        const double decay = 0.9;
        const double epsilon = 1e-8;
        Shapes shapes = new(203);
        foreach (int length in Lengths)
        {
            using AlignedBuffer<T> p = shapes.Normal<T>(length);
            using AlignedBuffer<T> g = shapes.Normal<T>(length);
            using AlignedBuffer<T> v = shapes.Normal<T>(length);
            T[] means = new T[length];
            T[] expected = new T[length];
            for (int i = 0; i < length; i++)
            {
                v.Pointer[i] *= v.Pointer[i];
                T x = T.CreateChecked(clip) * g.Pointer[i];
                T square = T.CreateChecked(1 - decay) * (x * x);
                means[i] = T.FusedMultiplyAdd(T.CreateChecked(decay), v.Pointer[i], square);
                T root = T.Sqrt(means[i]) + T.CreateChecked(epsilon);
                expected[i] = p.Pointer[i] - (T.CreateChecked(rate) * x / root);
            }
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> got = Shapes.Copy(p);
                using AlignedBuffer<T> mean = Shapes.Copy(v);
                Kernels<T>.For(set).RmsProp(
                    got.Pointer, g.Pointer, mean.Pointer, length, rate, clip, decay, epsilon);
                Assert.That(got.Span.ToArray(), Is.EqualTo(expected), $"{length} at {set}");
                Assert.That(mean.Span.ToArray(), Is.EqualTo(means), $"{length} at {set}");
            }
        }
    }

    [Test]
    public void Momentum_is_its_formula_with_fused_multiply_adds([Values] bool nesterov)
    {
        const double rate = 1e-3;
        T clip = T.CreateChecked(0.7);
        T share = T.CreateChecked(0.9);
        Shapes shapes = new(204);
        foreach (int length in Lengths)
        {
            using AlignedBuffer<T> p = shapes.Normal<T>(length);
            using AlignedBuffer<T> g = shapes.Normal<T>(length);
            using AlignedBuffer<T> v = shapes.Normal<T>(length);
            T[] velocities = new T[length];
            T[] expected = new T[length];
            for (int i = 0; i < length; i++)
            {
                T x = clip * g.Pointer[i];
                velocities[i] = T.FusedMultiplyAdd(share, v.Pointer[i], x);
                T along = nesterov
                    ? T.FusedMultiplyAdd(share, velocities[i], x)
                    : velocities[i];
                expected[i] = T.FusedMultiplyAdd(T.CreateChecked(-rate), along, p.Pointer[i]);
            }
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> got = Shapes.Copy(p);
                using AlignedBuffer<T> velocity = Shapes.Copy(v);
                Kernels<T>.For(set).Momentum(
                    got.Pointer, g.Pointer, velocity.Pointer, length, rate, 0.7, 0.9, nesterov);
                Assert.That(got.Span.ToArray(), Is.EqualTo(expected), $"{length} at {set}");
                Assert.That(
                    velocity.Span.ToArray(), Is.EqualTo(velocities), $"{length} at {set}");
            }
        }
    }

    [Test]
    public void Adam_is_its_formula_with_fused_multiply_adds()
    {
        T clip = T.CreateChecked(0.7);
        T beta1 = T.CreateChecked(0.9);
        T beta2 = T.CreateChecked(0.999);
        Shapes shapes = new(205);
        foreach (int length in Lengths)
        {
            using AlignedBuffer<T> p = shapes.Normal<T>(length);
            using AlignedBuffer<T> g = shapes.Normal<T>(length);
            using AlignedBuffer<T> m = shapes.Normal<T>(length);
            using AlignedBuffer<T> v = shapes.Normal<T>(length);
            T[] means = new T[length];
            T[] squares = new T[length];
            T[] expected = new T[length];
            for (int i = 0; i < length; i++)
            {
                v.Pointer[i] *= v.Pointer[i];
                T x = clip * g.Pointer[i];
                means[i] = T.FusedMultiplyAdd(
                    beta1, m.Pointer[i], T.CreateChecked(1 - 0.9) * x);
                squares[i] = T.FusedMultiplyAdd(
                    beta2, v.Pointer[i], T.CreateChecked(1 - 0.999) * (x * x));
                T below = T.FusedMultiplyAdd(
                    T.CreateChecked(3.0), T.Sqrt(squares[i]), T.CreateChecked(1e-8));
                expected[i] = p.Pointer[i] - (T.CreateChecked(1e-3) * means[i] / below);
            }
            foreach (InstructionSet set in Widths.All)
            {
                using AlignedBuffer<T> got = Shapes.Copy(p);
                using AlignedBuffer<T> mean = Shapes.Copy(m);
                using AlignedBuffer<T> square = Shapes.Copy(v);
                Kernels<T>.For(set).Adam(
                    got.Pointer, g.Pointer, mean.Pointer, square.Pointer, length, 1e-3, 0.7, 0.9,
                    0.999, 3, 1e-8);
                Assert.That(got.Span.ToArray(), Is.EqualTo(expected), $"{length} at {set}");
                Assert.That(mean.Span.ToArray(), Is.EqualTo(means), $"{length} at {set}");
                Assert.That(square.Span.ToArray(), Is.EqualTo(squares), $"{length} at {set}");
            }
        }
    }

    [Test]
    public void A_state_whose_gradient_stays_zero_decays_to_zero_and_not_to_subnormals()
    {
        Kernels<T> kernels = Kernels<T>.For(InstructionSets.Best);
        using AlignedBuffer<T> zero = new(17);
        using AlignedBuffer<T> p = new(17);
        using AlignedBuffer<T> v = new(17);
        using AlignedBuffer<T> m = new(17);
        using AlignedBuffer<T> square = new(17);
        foreach (AlignedBuffer<T> state in new[] { v, m, square })
        {
            state.Span.Fill(T.One);
        }
        for (int i = 0; i < 1_000; i++)
        {
            kernels.Momentum(p.Pointer, zero.Pointer, v.Pointer, 17, 0, 1, 0.5, false);
            kernels.Adam(
                p.Pointer, zero.Pointer, m.Pointer, square.Pointer, 17, 0, 1, 0.5, 0.5, 1, 1e-8);
        }
        Assert.That(
            v.Span.ToArray().Concat(m.Span.ToArray()).Concat(square.Span.ToArray()),
            Is.All.EqualTo(T.Zero));
    }

    private static AlignedBuffer<T> Buffer(JsonElement array)
    {
        AlignedBuffer<T> buffer = new(array.GetArrayLength());
        int i = 0;
        foreach (JsonElement value in array.EnumerateArray())
        {
            buffer.Pointer[i++] = T.CreateChecked(value.GetDouble());
        }
        return buffer;
    }
}
