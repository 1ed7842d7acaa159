using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class PascanuPairTaskTests
{
    // Steps from 0, both ends included, worked out by hand from the code and the text.
    [TestCase(ProtocolSource.AuthorsCode, 50, "0-4 5-24")]
    [TestCase(ProtocolSource.AuthorsCode, 53, "0-4 5-25")]
    [TestCase(ProtocolSource.PaperText, 50, "0-4 5-24")]
    [TestCase(ProtocolSource.PaperText, 54, "0-4 5-26")]
    public void Marks_take_every_step_of_their_windows_equally_often_and_no_other(
        ProtocolSource source, int steps, string windows)
    {
        const int n = 8_000;
        PascanuPairTask task = new(PairOperation.Addition, 50, 3, source);
        int[] early = new int[steps];
        int[] late = new int[steps];
        for (long i = 0; i < n; i++)
        {
            int[] marks = Marks(Generated.Sequence(task, Fold.Training, i, steps));
            Assert.That(marks, Has.Length.EqualTo(2));
            early[marks[0]]++;
            late[marks[1]]++;
        }
        int[] ends = [.. windows.Split(' ', '-').Select(int.Parse)];
        Check(early, ends[0], ends[1]);
        Check(late, ends[2], ends[3]);

        void Check(int[] counts, int from, int to)
        {
            double p = 1.0 / (to - from + 1);
            for (int t = 0; t < steps; t++)
            {
                bool allowed = t >= from && t <= to;
                Assert.That(
                    counts[t],
                    Is.EqualTo(allowed ? n * p : 0).Within(allowed ? Generated.Spread(n, p) : 0),
                    $"step {t}");
            }
        }
    }

    [TestCase(ProtocolSource.AuthorsCode, 50, 54)]
    [TestCase(ProtocolSource.PaperText, 50, 55)]
    [TestCase(ProtocolSource.AuthorsCode, 10, 10)]
    [TestCase(ProtocolSource.PaperText, 10, 11)]
    [TestCase(ProtocolSource.AuthorsCode, 19, 19)]
    [TestCase(ProtocolSource.AuthorsCode, 200, 219)]
    public void Groups_have_lengths_uniform_from_T_to_about_a_tenth_more(
        ProtocolSource source, int steps, int longest)
    {
        const int n = 12_000;
        PascanuPairTask task = new(PairOperation.Addition, steps, 8, source);
        Assert.That(task.Steps, Is.EqualTo(longest));
        int[] counts = new int[longest - steps + 1];
        for (long group = 0; group < n; group++)
        {
            counts[task.StepsOf(Fold.Validation, group) - steps]++;
        }
        double p = 1.0 / counts.Length;
        Assert.That(
            counts.Select(c => (double)c),
            Is.All.EqualTo(n * p).Within(Generated.Spread(n, p) + 1e-9));
    }

    [Test]
    public void A_random_T_is_drawn_before_the_tenth_that_it_grows_by()
    {
        const int n = 20_000;
        PascanuPairTask task = new(PairOperation.Addition, new SequenceLength(50, 199), 8);
        Assert.That(task.Steps, Is.EqualTo(199 + 18));
        double sum = 0;
        int shortest = int.MaxValue;
        for (long group = 0; group < n; group++)
        {
            int steps = task.StepsOf(Fold.Training, group);
            sum += steps;
            shortest = Math.Min(shortest, steps);
        }
        // The mean of T + (⌊.1T⌋ − 1) / 2 over T = 50 … 199.
        double mean = Enumerable.Range(50, 150).Average(t => t + (((t / 10) - 1) / 2.0));
        Assert.That(sum / n, Is.EqualTo(mean).Within(4 * 50 / Math.Sqrt(n)));
        Assert.That(shortest, Is.EqualTo(50));
    }

    [Test]
    public void The_target_is_the_mean_or_the_product_of_the_marked_numbers(
        [Values] PairOperation operation, [Values] ProtocolSource source)
    {
        PascanuPairTask task = new(operation, 40, 7, source);
        for (long i = 0; i < 300; i++)
        {
            Batch<float> batch = Generated.Sequence(
                task, Fold.Test, i, task.StepsOf(Fold.Test, i));
            int[] marks = Marks(batch);
            float a = batch.Inputs[marks[0] * 2];
            float b = batch.Inputs[marks[1] * 2];
            Assert.That(batch.Targets[0], Is.EqualTo(
                operation == PairOperation.Addition ? (a + b) / 2 : a * b));
        }
    }

    [Test]
    public void Numbers_are_uniform_in_the_unit_interval()
    {
        const int n = 4_000;
        PascanuPairTask task = new(PairOperation.Addition, 10, 13);
        int[] tenths = new int[10];
        for (long i = 0; i < n; i++)
        {
            Batch<float> batch = Generated.Sequence(task, Fold.Training, i);
            for (int t = 0; t < 10; t++)
            {
                tenths[(int)(batch.Inputs[t * 2] * 10)]++;
            }
        }
        Assert.That(
            tenths.Select(c => (double)c),
            Is.All.EqualTo(n).Within(Generated.Spread(10 * n, 0.1)));
    }

    [Test]
    public void A_squared_error_above_the_tolerance_is_wrong_and_so_is_a_NaN()
    {
        PascanuPairTask task = new(PairOperation.Addition, 10, 1);
        Batch<float> batch = Generated.Room(task, 5);
        float[] outputs = [0.199f, -0.199f, 0.201f, -0.201f, float.NaN];
        SortedDictionary<string, double> sums = new() { [MetricNames.Correct] = 10 };
        task.Score(batch, outputs, sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(12));
        Assert.That(sums[MetricNames.SquaredError], Is.NaN);
        sums.Clear();
        task.Score(batch, [0, 0, 0, 0.5f, -1], sums);
        Assert.That(sums[MetricNames.SquaredError], Is.EqualTo(1.25));
    }

    [Test]
    public void The_mean_of_uniform_numbers_is_guessed_within_tolerance_by_its_expectation()
    {
        // |(a + b)/2 − ½| ≤ 0.2 has probability 1 − 0.6².
        const int n = 20_000;
        PascanuPairTask task = new(PairOperation.Addition, 10, 4);
        Batch<float> batch = Generated.Room(task, n);
        float[] outputs = new float[n];
        for (int b = 0; b < n; b++)
        {
            task.Fill(Fold.Training, b, batch, b);
            outputs[b] = 0.5f;
        }
        double share = Generated.Correct(task, batch, outputs);
        Assert.That(share, Is.EqualTo(0.64).Within(Generated.Spread(n, 0.64) / n));
    }

    [Test]
    public void The_sizes_are_those_of_the_paper()
    {
        PascanuPairTask task = new(PairOperation.Multiplication, 50, 1);
        Assert.That(
            (task.Name, task.InputSize, task.OutputSize, task.Readout, task.LossAt),
            Is.EqualTo(
                ("pascanu-multiplication", 2, 1, Readout.Linear, LossPlacement.LastStep)));
        Assert.That(
            new PascanuPairTask(PairOperation.Addition, 50, 1).Name,
            Is.EqualTo("pascanu-addition"));
    }

    [Test]
    public void Sequences_without_room_for_the_first_mark_are_refused() =>
        Assert.That(
            () => new PascanuPairTask(PairOperation.Addition, 9, 1),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("sequences of 9 steps").And.Message.Contains("10 steps"));

    private static int[] Marks(Batch<float> batch)
    {
        for (int t = 0; t < batch.Steps; t++)
        {
            Assert.That(batch.Inputs[(t * 2) + 1], Is.EqualTo(0f).Or.EqualTo(1f));
            Assert.That(batch.Inputs[t * 2], Is.InRange(0f, 1f).And.Not.EqualTo(1f));
        }
        return
            [.. Enumerable.Range(0, batch.Steps).Where(t => batch.Inputs[(t * 2) + 1] == 1)];
    }
}
