using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Numerics;
using Repro.Engine.Tests.Training;
using Repro.Engine.Training;

namespace Repro.Engine.Tests.Tasks;

/// <summary>The music task on random pieces of many lengths.</summary>
public class MusicTaskTests
{
    private static readonly Fold[] Folds = Enum.GetValues<Fold>();

    private static readonly MusicPiece[] Train = Pieces(1, 13, 1, 30, 7, 10, 20);
    private static readonly MusicPiece[] Valid =
        Pieces(2, 31, 2, 9, 9, 40, 17, 3, 22, 5, 11, 6, 12);
    private static readonly MusicPiece[] Held = Pieces(3, 4, 8);

    [Test]
    public void Every_frame_is_predicted_once_from_the_one_before([Values(1, 4, 10, 200)] int chunk)
    {
        MusicTask task = Task(chunk);
        foreach (Fold fold in Folds)
        {
            List<string> seen = [];
            int longest = 0;
            for (long i = 0; i < task.Count(fold); i++)
            {
                Batch<float> batch = Batch(task, fold, 3);
                task.Fill(fold, i, batch, 1);
                int length = Enumerable.Range(0, batch.Steps).Count(t => Weight(batch, t, 1) > 0);
                longest = Math.Max(longest, length);
                for (int t = 0; t < length; t++)
                {
                    // Within a sequence each input is the target before it.
                    if (t > 0)
                    {
                        Assert.That(Keys(batch.Inputs, batch, t, 1),
                            Is.EqualTo(Keys(batch.Targets, batch, t - 1, 1)));
                    }
                    seen.Add(Pair(
                        Keys(batch.Inputs, batch, t, 1), Keys(batch.Targets, batch, t, 1)));
                }
            }
            IEnumerable<string> pairs = Of(fold).SelectMany(
                p => Enumerable.Range(0, p.Steps).Select(t => Pair(
                    t == 0 ? new float[MusicSet.Keys] : Frame(p, t - 1), Frame(p, t))));
            Assert.That(seen, Is.EquivalentTo(pairs), $"{fold}");
            int most = fold == Fold.Training ? chunk : int.MaxValue;
            Assert.That(longest, Is.EqualTo(Math.Min(most, Of(fold).Max(p => p.Steps))));
        }
    }

    [Test]
    public void The_weights_of_a_sequence_are_equal_and_sum_to_its_share_of_the_batch()
    {
        MusicTask task = Task(10);
        Batch<float> batch = Batch(task, Fold.Training, 3);
        for (long i = 0; i < task.Count(Fold.Training); i++)
        {
            batch.Weights.AsSpan().Fill(float.NaN);
            Generated.Soil(batch);
            for (int slot = 0; slot < 3; slot++)
            {
                task.Fill(Fold.Training, i, batch, slot);
            }
            float[] weights =
                [.. Enumerable.Range(0, batch.Steps).Select(t => Weight(batch, t, 2))];
            int length = weights.Count(w => w > 0);
            Assert.That(weights.Sum(), Is.EqualTo(1 / 3f).Within(1e-6));
            Assert.That(weights[..length], Is.All.EqualTo(weights[0]));
            Assert.That(weights[length..], Is.All.Zero);
            int padding = length * 3 * MusicSet.Keys;
            int end = batch.Steps * 3 * MusicSet.Keys;
            Assert.That(batch.Inputs[padding..end], Is.All.Zero);
            Assert.That(batch.Targets[padding..end], Is.All.Zero);
        }
    }

    [Test]
    public void Whole_pieces_come_shortest_first_in_groups_as_long_as_their_longest()
    {
        MusicTask task = Task(10);
        int[] lengths =
        [
            .. Enumerable.Range(0, Valid.Length).Select(i =>
            {
                Batch<float> batch = Batch(task, Fold.Validation, 1, task.Steps);
                task.Fill(Fold.Validation, i, batch, 0);
                return batch.Weights!.Count(w => w > 0);
            }),
        ];
        Assert.That(lengths, Is.EqualTo(Valid.Select(p => p.Steps).Order()));
        Assert.That(Valid, Has.Length.GreaterThan(task.EvaluationBatch), "more than a group");
        for (int i = 0; i < lengths.Length; i++)
        {
            int group = i / task.EvaluationBatch;
            int last = Math.Min((group + 1) * task.EvaluationBatch, lengths.Length) - 1;
            Assert.That(task.StepsOf(Fold.Validation, group), Is.EqualTo(lengths[last]));
        }
        Assert.That(task.Steps, Is.EqualTo(40));
        Assert.That(task.StepsOf(Fold.Training, 12345), Is.EqualTo(10));
        Assert.That(Task(200).StepsOf(Fold.Training, 0), Is.EqualTo(30));
    }

    [Test]
    public void The_likelihood_is_that_of_PyTorch()
    {
        SequenceFixture fixture = new("music");
        MusicPiece[] pieces = fixture.Pieces();
        MusicTask task = new(pieces, [pieces[2]], pieces, "fixture", "hash", 200);
        int frames = pieces.Sum(p => p.Steps);
        double each = fixture.Numbers("perPiece")[2] / pieces[2].Steps;

        // Chunks as long as any piece are the pieces, though in another order.
        foreach (Fold fold in new[] { Fold.Training, Fold.Test })
        {
            Assert.That(
                fixture.Score(task, fold, MetricNames.NegativeLogLikelihood),
                Is.EqualTo(fixture.Number("nll") / frames).Within(1e-5), $"{fold}");
        }
        Assert.That(
            fixture.Score(task, Fold.Validation, MetricNames.NegativeLogLikelihood),
            Is.EqualTo(each).Within(1e-5));
    }

    [Test]
    public void The_training_loss_is_the_mean_over_frames_then_over_sequences()
    {
        SequenceFixture fixture = new("music");
        MusicPiece[] pieces = fixture.Pieces();
        MusicTask task = new(pieces, pieces, pieces, "fixture", "hash", 200);
        using RecurrentNetwork<float> network = fixture.Network(task);
        Batch<float> batch = Batch(task, Fold.Training, pieces.Length);
        for (int b = 0; b < pieces.Length; b++)
        {
            task.Fill(Fold.Training, b, batch, b);
        }
        double wanted = fixture.Numbers("perPiece").Zip(pieces, (n, p) => n / p.Steps).Average();
        Assert.That(network.Gradient(batch), Is.EqualTo(wanted).Within(1e-4));
    }

    [Test]
    public void A_piece_has_the_same_bits_whatever_stands_beside_it()
    {
        MusicTask task = Task(200);
        using RecurrentNetwork<float> network = new(task.Network(9, Activation.Sigmoid));
        network.Initialize(new SparseSpectral(5), new WeightScales { Deviation = 0.3 }, 4);
        float[] Outputs(int[] indices, int slot, int steps)
        {
            Batch<float> batch = Batch(task, Fold.Validation, indices.Length, steps);
            for (int b = 0; b < indices.Length; b++)
            {
                task.Fill(Fold.Validation, indices[b], batch, b);
            }
            float[] outputs = new float[steps * indices.Length * MusicSet.Keys];
            network.Evaluate(batch, outputs);
            return
            [
                .. Enumerable.Range(0, 9).SelectMany(
                    t => Keys(outputs, batch, t, slot)),
            ];
        }
        // Piece 4 of the fold has nine frames.
        float[] alone = Outputs([4], 0, 9);
        Assert.That(Outputs([7, 4, 0], 1, 17), Is.EqualTo(alone));
        Assert.That(Outputs([11, 10, 9, 8, 7, 4], 5, 40), Is.EqualTo(alone));
    }

    [Test]
    public void Filling_allocates_nothing()
    {
        MusicTask task = Task(10);
        Batch<float> batch = Batch(task, Fold.Training, 2);
        task.Fill(Fold.Training, 0, batch, 0);
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (int i = 0; i < 8; i++)
                {
                    batch.Steps = task.StepsOf(Fold.Training, i);
                    task.Fill(Fold.Training, i, batch, i % 2);
                }
            }),
            Is.Zero);
    }

    [Test]
    public void A_run_knows_the_hash_of_its_set_and_how_it_was_cut()
    {
        TrainingSpec spec = new() { BatchSize = 2, Updates = 3, LearningRate = 0.1 };
        TrainingRun Run(int chunk, string hash) => new(
            "music", _ => Task(chunk, hash),
            new SimpleSetup(
                new SparseSpectral(3), Activation.Sigmoid, new WeightScales { Deviation = 0.01 }),
            spec, 5, 1);
        TrainingRun run = Run(10, "a hash");
        Assert.That(run.DataHashes["polymusic/random"], Is.EqualTo("a hash"));
        Assert.That(run.Spec["task"]!["chunk"]!.GetValue<int>(), Is.EqualTo(10));
        Assert.That(RunId.Of(Run(10, "a hash")), Is.EqualTo(RunId.Of(run)));
        Assert.That(RunId.Of(Run(10, "other")), Is.Not.EqualTo(RunId.Of(run)));
        Assert.That(RunId.Of(Run(12, "a hash")), Is.Not.EqualTo(RunId.Of(run)));
    }

    [Test]
    public void A_run_is_estimated_by_the_steps_it_trains_on_and_not_by_the_longest_piece()
    {
        double Cost(int chunk) => SmallRuns.Run(
            "np-tanhRNN", SmallRuns.Sgd(100_000) with { ValidationSequences = 0 }, 1,
            _ => Task(chunk)).EstimatedCost;
        Assert.That(Cost(12) / Cost(6), Is.EqualTo(2).Within(1).Percent);
    }

    [Test]
    public void What_cannot_be_filled_is_refused()
    {
        MusicTask task = Task(10);
        Assert.That(() => Task(0), Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => new MusicTask(Train, [], Held, "empty", "", 10),
            Throws.ArgumentException.With.Message.Contains("0 validation"));
        Batch<float> batch = Batch(task, Fold.Training, 1);
        Assert.That(() => task.Fill(Fold.Test, 2, batch, 0),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => task.Fill(Fold.Validation, 11, batch, 0),
            Throws.ArgumentException.With.Message.Contains("40 frames"));
        batch.Weights = null;
        Assert.That(() => task.Fill(Fold.Training, 0, batch, 0),
            Throws.ArgumentException.With.Message.Contains("no weights"));
    }

    internal static MusicTask Task(int chunk, string hash = "hash") =>
        new(Train, Valid, Held, "random", hash, chunk);

    private static MusicPiece[] Pieces(uint stream, params int[] lengths)
    {
        Philox random = new(17, stream);
        ulong draw = 0;
        return
        [
            .. lengths.Select(length =>
            {
                byte[] notes = new byte[length * MusicSet.Keys];
                for (int i = 0; i < notes.Length; i++)
                {
                    notes[i] = random.Below(draw++, 6) == 0 ? (byte)1 : (byte)0;
                }
                return new MusicPiece(notes);
            }),
        ];
    }

    private static MusicPiece[] Of(Fold fold) => fold switch
    {
        Fold.Training => Train,
        Fold.Validation => Valid,
        _ => Held,
    };

    private static Batch<float> Batch(MusicTask task, Fold fold, int size, int? steps = null)
    {
        Batch<float> batch = Generated.Room(task, size);
        batch.Weights = new float[task.Steps * size];
        batch.Steps = steps ?? (fold == Fold.Training ? task.StepsOf(fold, 0) : task.Steps);
        return batch;
    }

    private static float Weight(Batch<float> batch, int t, int slot) =>
        batch.Weights![(t * batch.Size) + slot];

    private static float[] Keys(float[] all, Batch<float> batch, int t, int slot) =>
        all.AsSpan(((t * batch.Size) + slot) * MusicSet.Keys, MusicSet.Keys).ToArray();

    private static float[] Frame(MusicPiece piece, int t) =>
        [.. piece.Frame(t).ToArray().Select(k => (float)k)];

    private static string Pair(float[] input, float[] target) =>
        string.Concat(input.Concat(target).Select(k => k > 0 ? '1' : '0'));
}
