using MathNet.Numerics.LinearAlgebra;
using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Statistics;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Statistics;

public class RidgeTests
{
    private static double[] Normals(int count, ulong seed)
    {
        Philox random = new(seed, RandomPurpose.TestSequences);
        return [.. Enumerable.Range(0, count).Select(i => random.Normal((ulong)i))];
    }

    // More features than examples, fewer, and one; sizes that no vector width divides.
    [TestCase(7, 19, 0.5)]
    [TestCase(23, 5, 3)]
    [TestCase(11, 1, 0.01)]
    public void The_dual_form_has_the_weights_of_the_normal_equations(
        int count, int size, double penalty)
    {
        double[] x = Normals(count * size, 3);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => i * i % 3)];
        double[] weights = new RidgeRegression(x, size, labels, 3).Fit(penalty);

        // (XᵀX + λI) W = XᵀY over centred X and Y, by Math.NET.
        Matrix<double> examples = Matrix<double>.Build.Dense(
            count, size, (n, f) => x[(n * size) + f]);
        Vector<double> means = examples.ColumnSums() / count;
        Matrix<double> centred = examples
            - Matrix<double>.Build.Dense(count, size, (_, f) => means[f]);
        Matrix<double> y = Matrix<double>.Build.Dense(
            count, 3, (n, c) => (labels[n] == c ? 1 : 0)
                - (labels.Count(l => l == c) / (double)count));
        Matrix<double> expected = ((centred.Transpose() * centred)
            + (penalty * Matrix<double>.Build.DenseIdentity(size))).Solve(centred.Transpose() * y);
        for (int f = 0; f < size; f++)
        {
            for (int c = 0; c < 3; c++)
            {
                Assert.That(
                    weights[(f * 3) + c], Is.EqualTo(expected[f, c]).Within(1e-11), $"{f}, {c}");
            }
        }
    }

    [Test]
    public void An_infinite_penalty_predicts_the_shares_of_the_classes()
    {
        RidgeRegression regression = new(Normals(8, 1), 2, [0, 0, 0, 1], 2);
        double[] outputs = new double[2];
        regression.Predict(regression.Fit(1e12), [5, -3], outputs);
        Assert.That(outputs[0], Is.EqualTo(0.75).Within(1e-9));
        Assert.That(outputs[1], Is.EqualTo(0.25).Within(1e-9));
    }

    [Test]
    public void Outputs_do_not_change_when_all_examples_move()
    {
        double[] x = Normals(12, 5);
        double[] moved = [.. x.Select(v => v + 4)];
        int[] labels = [0, 1, 1, 0, 1, 0];
        double[] here = new double[2];
        double[] there = new double[2];
        RidgeRegression first = new(x, 2, labels, 2);
        RidgeRegression second = new(moved, 2, labels, 2);
        first.Predict(first.Fit(2), [0.5, -1], here);
        second.Predict(second.Fit(2), [4.5, 3], there);
        Assert.That(there[0], Is.EqualTo(here[0]).Within(1e-11));
        Assert.That(there[1], Is.EqualTo(here[1]).Within(1e-11));
    }

    [Test]
    public void Sizes_labels_and_penalties_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => new RidgeRegression(new double[5], 2, [0, 1], 2),
            Throws.ArgumentException.With.Message.Contain("5 values are not 2 examples"));
        Assert.That(
            () => new RidgeRegression(new double[4], 2, [0, 2], 2),
            Throws.ArgumentException.With.Message.Contain("a label is 2; 0 … 1"));
        Assert.That(
            () => new RidgeRegression(new double[4], 2, [0, 1], 2).Fit(0),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contain("above 0"));
    }

    [Test]
    public void A_run_takes_the_penalty_of_the_least_validation_error_and_scores_the_test_once()
    {
        RidgeRun run = new(Task(), ClipView.TimeMean, [1e-3, 1, 1e9]);
        RunResult result = run.Execute(new FakeContext());
        Curve curve = result.Curves[RidgeRun.Penalties];
        Assert.That(curve.X, Is.EqualTo(new[] { 1e-3, 1, 1e9 }));
        Assert.That(result.Metrics["penalty"], Is.Not.EqualTo(1e9));
        Assert.That(result.Metrics[RidgeRun.ValidationCorrect], Is.EqualTo(1));
        Assert.That(result.Metrics["test correct"], Is.EqualTo(1));
        Assert.That(
            result.Metrics["validation " + MetricNames.SquaredError], Is.LessThan(0.5),
            "less than that of the classes' shares");
    }

    [Test]
    public void The_middle_frame_alone_does_not_know_what_only_the_others_show()
    {
        RunResult mean = new RidgeRun(Task(), ClipView.TimeMean, [0.01])
            .Execute(new FakeContext());
        RunResult middle = new RidgeRun(Task(), ClipView.MiddleFrame, [0.01])
            .Execute(new FakeContext());
        Assert.That(mean.Metrics["test correct"], Is.EqualTo(1));
        Assert.That(middle.Metrics["test correct"], Is.EqualTo(0.5));
    }

    [Test]
    public void View_penalties_and_data_are_part_of_the_id()
    {
        string[] ids =
        [
            RunId.Of(new RidgeRun(Task(), ClipView.TimeMean, [1])),
            RunId.Of(new RidgeRun(Task(), ClipView.MiddleFrame, [1])),
            RunId.Of(new RidgeRun(Task(), ClipView.TimeMean, [1, 2])),
            RunId.Of(new RidgeRun(Task("other"), ClipView.TimeMean, [1])),
        ];
        Assert.That(ids, Is.Unique);
        Assert.That(
            () => new RidgeRun(Task(), ClipView.TimeMean, []),
            Throws.ArgumentException.With.Message.Contain("no penalty"));
    }

    // Three frames of two features: the class shows in frames 0 and 2, the middle one is 0.
    private static Ucf101Task Task(string hash = "made")
    {
        Ucf101Clip[] clips =
        [
            .. from type in new[] { 1, 2 }
               from g in new[] { 1, 2, 8, 9, 10, 25 }
               select new Ucf101Clip($"C{type}/v_C{type}_g{g:D2}_c01.avi", type, g, 1),
        ];
        return new Ucf101Task(new Ucf101Features(
            3, 2, clips, c => c.Group >= 8, hash, (clip, into) =>
            {
                into.Clear();
                int sign = clips[clip].Class == 1 ? 1 : -1;
                into[0] = sign * (1 + (clips[clip].Group / 100f));
                into[5] = sign * 2;
            }));
    }

    private sealed class FakeContext : IRunContext
    {
        public CancellationToken Cancellation => CancellationToken.None;

        public bool CheckpointDue => false;

        public byte[]? LoadCheckpoint(int layout) => null;

        public void SaveCheckpoint(int layout, ReadOnlySpan<byte> state)
        {
        }

        public void Report(double fraction, string message)
        {
        }
    }
}
