using NUnit.Framework;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Tests.Tasks;

/// <summary>A task of arrays, against the arrays.</summary>
public class ArrayTaskTests
{
    [Test]
    public void Sequences_lie_in_the_batch_as_in_the_arrays_fold_by_fold()
    {
        float[,,] inputs = Inputs(7, 4, 3);
        float[,,] targets = new float[7, 4, 2];
        for (int i = 0; i < targets.Length; i++)
        {
            targets[i / 8, i / 2 % 4, i % 2] = -i;
        }
        ArrayTask task = new(inputs, targets, Readout.Linear, validationCount: 2, testCount: 1);
        Assert.That(
            Enum.GetValues<Fold>().Select(task.Count), Is.EqualTo(new long?[] { 4, 2, 1 }));
        Batch<float> batch = new(task.Network(3, Activation.Tanh), 4, 2);
        foreach ((Fold fold, int index, int n) in new[]
        {
            (Fold.Training, 3, 3), (Fold.Validation, 0, 4), (Fold.Validation, 1, 5),
            (Fold.Test, 0, 6),
        })
        {
            task.Fill(fold, index, batch, 1);
            for (int t = 0; t < 4; t++)
            {
                for (int i = 0; i < 3; i++)
                {
                    Assert.That(
                        batch.Inputs[(((t * 2) + 1) * 3) + i], Is.EqualTo(inputs[n, t, i]));
                }
                for (int o = 0; o < 2; o++)
                {
                    Assert.That(
                        batch.Targets[(((t * 2) + 1) * 2) + o], Is.EqualTo(targets[n, t, o]));
                }
            }
        }
    }

    [Test]
    public void A_score_is_the_mean_over_sequences_of_what_their_loss_is()
    {
        float[,,] inputs = Inputs(6, 3, 2);
        ArrayTask[] tasks =
        [
            new(inputs, new float[,] { { 1 }, { 2 }, { 3 }, { 4 }, { 5 }, { 6 } },
                Readout.Linear, testCount: 5),
            new(inputs, new float[6, 3, 2], Readout.Bernoulli, testCount: 5),
            new(inputs, [0, 1, 2, 0, 1, 2], 3, testCount: 5),
            new(inputs, new int[6, 3], 2, testCount: 5),
        ];
        foreach (ArrayTask task in tasks)
        {
            using RecurrentNetwork<float> network = new(task.Network(4, Activation.Tanh));
            network.Initialize(new NormalizedPositiveDefinite(), new WeightScales(), 3);
            TrainingSpec spec = new() { BatchSize = 1, Updates = 1, LearningRate = .1 };
            using Trainer trainer = new(network, task, spec, 1);
            SortedDictionary<string, double> scores = trainer.Score(Fold.Test);
            Batch<float> batch = new(network.Spec, 3, 5);
            for (int b = 0; b < 5; b++)
            {
                task.Fill(Fold.Test, b, batch, b);
            }
            string name = task.Readout == Readout.Linear
                ? MetricNames.SquaredError
                : MetricNames.CrossEntropy;
            Assert.That(
                scores[name], Is.EqualTo(network.Evaluate(batch)).Within(1e-3).Percent,
                $"{task.Readout}, {task.LossAt}");
        }
    }

    [Test]
    public void A_network_learns_the_arrays_and_predicts_their_targets()
    {
        float[,,] inputs = Inputs(30, 5, 1);
        int[] classes = [.. Enumerable.Range(0, 30).Select(n => inputs[n, 1, 0] > 0 ? 1 : 0)];
        ArrayTask task = new(inputs, classes, 2, testCount: 5);
        using LstmNetwork<float> network = new(task.Network(6, Activation.Tanh));
        network.Initialize(new LstmInitializer(), 2);
        TrainingSpec spec = new() { BatchSize = 5, Updates = 400, LearningRate = .3 };
        using Trainer trainer = new(network, task, spec, 1);
        trainer.Run();
        Assert.That(trainer.Score(Fold.Training)[MetricNames.Correct], Is.EqualTo(1));
        float[] sequence = [.. Enumerable.Range(0, 5).Select(t => inputs[0, t, 0])];
        float[] y = network.Predict(sequence, 5);
        Assert.That(y[classes[0]], Is.GreaterThan(.5f));
    }

    [Test]
    public void Other_arrays_of_the_same_shapes_are_other_data()
    {
        float[,,] inputs = Inputs(3, 2, 1);
        ArrayTask one = new(inputs, [0, 1, 0], 2);
        Assert.That(new ArrayTask(inputs, [0, 1, 0], 2).DataHashes, Is.EqualTo(one.DataHashes));
        Assert.That(
            new ArrayTask(inputs, [0, 1, 1], 2).DataHashes, Is.Not.EqualTo(one.DataHashes));
        inputs[0, 0, 0] = 9;
        Assert.That(
            new ArrayTask(inputs, [0, 1, 0], 2).DataHashes, Is.Not.EqualTo(one.DataHashes));
    }

    [Test]
    public void Arrays_that_do_not_fit_are_refused_with_both_shapes()
    {
        float[,,] inputs = Inputs(3, 2, 1);
        Refuses(
            () => new ArrayTask(inputs, new float[4, 1], Readout.Linear), "[3, 2, 1]", "[4, 1]");
        Refuses(
            () => new ArrayTask(inputs, new float[3, 1, 1], Readout.Linear), "[3, 2, 1]",
            "[3, 1, 1]");
        Refuses(
            () => new ArrayTask(inputs, new float[3, 1], Readout.Softmax), "Softmax", "classes");
        Refuses(() => new ArrayTask(inputs, new float[3, 0], Readout.Linear), "0 outputs");
        Refuses(() => new ArrayTask(inputs, [0, 1, 2], 2), "class 2 at position 2", "0 … 1");
        Refuses(() => new ArrayTask(inputs, [0, 1, -1], 2), "class -1");
        Refuses(
            () => new ArrayTask(inputs, new float[,] { { 0 }, { 2 }, { 1 } }, Readout.Bernoulli),
            "target 1 is 2");
        Refuses(
            () => new ArrayTask(inputs, new float[,] { { 0 }, { float.NaN }, { 1 } },
                Readout.Linear), "target 1 is NaN");
        Refuses(() => new ArrayTask(inputs, [0, 1, 0], 2, 1, 2), "of 3 sequences 1", "2 for");
        inputs[2, 1, 0] = float.PositiveInfinity;
        Refuses(() => new ArrayTask(inputs, [0, 1, 0], 2), "input 5 is");
    }

    [Test]
    public void A_batch_or_sequence_that_is_not_the_tasks_is_refused()
    {
        ArrayTask task = new(Inputs(3, 2, 1), [0, 1, 0], 2);
        NetworkSpec spec = task.Network(3, Activation.Tanh);
        Batch<float> batch = new(spec, 2, 2);
        Refuses(() => task.Fill(Fold.Training, 3, batch, 0), "sequence 3", "it has 3");
        Refuses(() => task.Fill(Fold.Test, 0, batch, 0), "it has 0");
        Refuses(() => task.Fill(Fold.Training, 0, batch, 2), "row 2 of 2");
        Batch<float> wide = new(new NetworkSpec(3, 3, 2, readout: Readout.Softmax), 2, 2);
        Refuses(() => task.Fill(Fold.Training, 0, wide, 0), "3 inputs");
    }

    private static void Refuses(Action make, params string[] words)
    {
        ArgumentException? error = Assert.Throws<ArgumentException>(make);
        foreach (string word in words)
        {
            Assert.That(error!.Message, Does.Contain(word));
        }
    }

    private static float[,,] Inputs(int n, int steps, int size)
    {
        float[,,] inputs = new float[n, steps, size];
        for (int i = 0; i < n * steps * size; i++)
        {
            inputs[i / (steps * size), i / size % steps, i % size] = ((i * 37) % 19) - 9;
        }
        return inputs;
    }
}
