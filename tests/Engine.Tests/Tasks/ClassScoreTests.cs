using NUnit.Framework;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

public class ClassScoreTests
{
    [Test]
    public void The_largest_output_is_the_answer_and_cross_entropy_is_in_nats()
    {
        SortedDictionary<string, double> sums = new() { [MetricNames.Correct] = 1 };
        float[] outputs = [0, 1, 2, 3, -1, 0.5f];
        ClassScore.Add(2, 3, [2, 1], outputs, sums);
        double first = Math.Log(Math.Exp(0) + Math.Exp(1) + Math.Exp(2)) - 2;
        double second = Math.Log(Math.Exp(3) + Math.Exp(-1) + Math.Exp(0.5)) + 1;
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(2));
        Assert.That(sums[MetricNames.CrossEntropy], Is.EqualTo(first + second).Within(1e-14));
        ClassScore.Add(1, 3, [0], outputs.AsSpan(3), sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(3));
    }

    [Test]
    public void Equal_outputs_answer_the_first_class_and_lose_the_log_of_their_number()
    {
        SortedDictionary<string, double> sums = [];
        ClassScore.Add(2, 10, [0, 1], new float[20], sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(1));
        Assert.That(
            sums[MetricNames.CrossEntropy], Is.EqualTo(2 * Math.Log(10)).Within(1e-14));
    }

    [Test]
    public void Large_outputs_do_not_overflow()
    {
        SortedDictionary<string, double> sums = [];
        ClassScore.Add(1, 2, [1], [1e6f, -1e6f], sums);
        Assert.That(sums[MetricNames.CrossEntropy], Is.EqualTo(2e6));
        Assert.That(sums[MetricNames.Correct], Is.Zero);
    }

    [Test]
    public void A_row_with_a_NaN_is_never_right_and_its_cross_entropy_is_a_NaN(
        [Range(0, 2)] int at)
    {
        float[] outputs = [1, 1, 1];
        outputs[at] = float.NaN;
        for (int label = 0; label < 3; label++)
        {
            SortedDictionary<string, double> sums = [];
            ClassScore.Add(1, 3, [label], outputs, sums);
            Assert.That(sums[MetricNames.Correct], Is.Zero, $"class {label}");
            Assert.That(sums[MetricNames.CrossEntropy], Is.NaN, $"class {label}");
        }
    }

    [Test]
    public void A_sequence_is_right_when_every_step_is_and_steps_add_their_cross_entropy()
    {
        // [T, B, O] of two steps, two sequences, two classes; the second errs at step 1.
        float[] outputs = [1, 0, 0, 1, 1, 0, 0, 1];
        SortedDictionary<string, double> sums = [];
        ClassScore.AddSequences(2, 2, 2, [0, 1, 0, 0], outputs, sums);
        Assert.That(sums[MetricNames.Correct], Is.EqualTo(1));
        double right = Math.Log(Math.E + 1) - 1;
        Assert.That(
            sums[MetricNames.CrossEntropy], Is.EqualTo((4 * right) + 1).Within(1e-12));
    }
}
