using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class TemporalOrderTaskTests
{
    // Steps from 0, both ends included, worked out by hand from the code and the text.
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.AuthorsCode, 10, "1-1 5-5")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.AuthorsCode, 16, "1-1 8-8")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.AuthorsCode, 22, "2-3 11-12")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.AuthorsCode, 55, "5-9 27-31")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.AuthorsCode, 200, "20-39 100-119")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.PaperText, 10, "0-1 3-4")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.PaperText, 16, "1-2 6-7")]
    [TestCase(TemporalOrder.TwoMarks, ProtocolSource.PaperText, 55, "5-10 21-26")]
    [TestCase(TemporalOrder.ThreeMarks, ProtocolSource.AuthorsCode, 16, "1-1 4-4 9-9")]
    [TestCase(TemporalOrder.ThreeMarks, ProtocolSource.AuthorsCode, 50, "5-9 15-19 30-34")]
    [TestCase(TemporalOrder.ThreeMarks, ProtocolSource.PaperText, 50, "4-9 14-19 29-34")]
    public void Marks_take_every_step_of_their_windows_equally_often_and_no_other(
        TemporalOrder order, ProtocolSource source, int steps, string windows)
    {
        const int n = 8_000;
        TemporalOrderTask task = new(steps, 3, order, source);
        Dictionary<(int Mark, int Step), int> counts = [];
        for (long i = 0; i < n; i++)
        {
            int[] marks = Marks(Generated.Sequence(task, Fold.Training, i));
            for (int k = 0; k < marks.Length; k++)
            {
                counts[(k, marks[k])] = counts.GetValueOrDefault((k, marks[k])) + 1;
            }
        }
        (int From, int To)[] wanted = [.. windows.Split(' ').Select(w => w.Split('-'))
            .Select(w => (int.Parse(w[0]), int.Parse(w[1])))];
        Assert.That(
            counts.Keys.Order(), Is.EqualTo(wanted.SelectMany((w, k) => Enumerable
                .Range(w.From, w.To - w.From + 1).Select(step => (k, step)))));
        foreach (((int mark, int _), int count) in counts)
        {
            double p = 1.0 / (wanted[mark].To - wanted[mark].From + 1);
            Assert.That(count, Is.EqualTo(n * p).Within(Generated.Spread(n, p)));
        }
    }

    [Test]
    public void Each_mark_has_its_own_step_at_every_length_from_ten_on(
        [Values] TemporalOrder order, [Values] ProtocolSource source)
    {
        for (int steps = 10; steps <= 5_000; steps++)
        {
            TemporalOrderTask task = new(steps, 3, order, source);
            int free = 0;
            for (int k = 0; k < (order == TemporalOrder.TwoMarks ? 2 : 3); k++)
            {
                (int from, int count) = task.Window(steps, k);
                Assert.That(from, Is.GreaterThanOrEqualTo(free), $"T = {steps}, mark {k}");
                Assert.That(count, Is.GreaterThanOrEqualTo(1), $"T = {steps}, mark {k}");
                free = from + count;
            }
            Assert.That(free, Is.LessThan(steps));
        }
    }

    [TestCase(TemporalOrder.TwoMarks, 16)]
    [TestCase(TemporalOrder.TwoMarks, 250)]
    [TestCase(TemporalOrder.ThreeMarks, 50)]
    public void The_class_is_the_marks_read_as_a_binary_number_earliest_first(
        TemporalOrder order, int steps)
    {
        TemporalOrderTask task = new(steps, 9, order);
        int marks = order == TemporalOrder.TwoMarks ? 2 : 3;
        for (long i = 0; i < 500; i++)
        {
            Batch<float> batch = Generated.Sequence(task, Fold.Test, i);
            int[] values = [.. batch.InputIndices.Where(s => s < 2)];
            Assert.That(values, Has.Length.EqualTo(marks));
            Assert.That(batch.Classes[0], Is.EqualTo(values.Select((v, k) => v << k).Sum()));
        }
    }

    [Test]
    public void Classes_and_distractors_are_equally_frequent(
        [Values] TemporalOrder order, [Values] Fold fold)
    {
        const int n = 8_000;
        const int steps = 20;
        TemporalOrderTask task = new(steps, 21, order);
        int[] classes = new int[task.OutputSize];
        int[,] symbols = new int[TemporalOrderTask.Symbols, steps];
        for (long i = 0; i < n; i++)
        {
            Batch<float> batch = Generated.Sequence(task, fold, i);
            classes[batch.Classes[0]]++;
            for (int t = 0; t < steps; t++)
            {
                symbols[batch.InputIndices[t], t]++;
            }
        }
        double p = 1.0 / task.OutputSize;
        Assert.That(
            classes.Select(c => (double)c), Is.All.EqualTo(n * p).Within(Generated.Spread(n, p)));
        // A step without marks, and the last one.
        foreach (int t in (int[])[0, 9, steps - 1])
        {
            for (int s = 2; s < TemporalOrderTask.Symbols; s++)
            {
                Assert.That(
                    symbols[s, t], Is.EqualTo(n / 4.0).Within(Generated.Spread(n, 0.25)),
                    $"symbol {s} at step {t}");
            }
        }
    }

    [Test]
    public void Long_sequences_do_not_repeat_their_distractors()
    {
        int[] symbols = Generated.Sequence(
            new TemporalOrderTask(5_000, 1), Fold.Test, 0).InputIndices;
        string text = string.Concat(symbols);
        HashSet<string> pieces = [.. Enumerable.Range(0, 5_000 / 32)
            .Select(i => text.Substring(i * 32, 32))];
        Assert.That(pieces, Has.Count.EqualTo(5_000 / 32));
    }

    [Test]
    public void The_sizes_are_those_of_the_papers()
    {
        TemporalOrderTask two = new(50, 1);
        TemporalOrderTask three = new(50, 1, TemporalOrder.ThreeMarks);
        Assert.That(
            (two.Name, two.InputSize, two.OutputSize, two.Readout, two.LossAt),
            Is.EqualTo(("temporal-order", 6, 4, Readout.Softmax, LossPlacement.LastStep)));
        Assert.That(
            (three.Name, three.InputSize, three.OutputSize),
            Is.EqualTo(("temporal-order-3bit", 6, 8)));
    }

    [Test]
    public void Sequences_with_an_empty_window_are_refused([Values] ProtocolSource source)
    {
        Assert.That(
            () => new TemporalOrderTask(new SequenceLength(9, 50), 1, source: source),
            Throws.TypeOf<ArgumentOutOfRangeException>()
                .With.Message.Contains("sequences of 9 steps").And.Message.Contains("10 steps"));
        Assert.That(
            () => new TemporalOrderTask(50, 1).AtLength(3),
            Throws.TypeOf<ArgumentOutOfRangeException>());
    }

    private static int[] Marks(Batch<float> batch) =>
        [.. Enumerable.Range(0, batch.Steps).Where(t => batch.InputIndices[t] < 2)];
}
