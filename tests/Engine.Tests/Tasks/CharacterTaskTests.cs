using NUnit.Framework;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Numerics;
using Repro.Engine.Training;

namespace Repro.Engine.Tests.Tasks;

/// <summary>The character task on random text.</summary>
public class CharacterTaskTests
{
    private const int Symbols = 7;
    private const byte LineEnd = 2;

    private static readonly Fold[] Folds = Enum.GetValues<Fold>();

    // 97 characters fill no number of streams; 60 fill 3 streams of 5 chunks of 4.
    private static readonly byte[] Train = Random(1, 97);
    private static readonly byte[] Valid = Random(2, 41);
    private static readonly byte[] Held = Random(3, 60);

    [Test]
    public void Every_character_is_predicted_once_from_the_one_so_far_before(
        [Values(1, 5)] int ahead, [Values(1, 3)] int streams, [Values(4, 11)] int chunk)
    {
        CharacterTask task = Task(ahead, streams, chunk);
        foreach (Fold fold in Folds)
        {
            byte[] text = Of(fold);
            int length = fold == Fold.Training
                ? text.Length / streams / chunk * chunk
                : (text.Length + streams - 1) / streams;
            int?[] targets = new int?[text.Length];
            for (long i = 0; i < task.Count(fold); i++)
            {
                Batch<float> batch = Batch(task, streams);
                batch.Steps = task.StepsOf(fold, i / streams);
                int slot = (int)(i % streams);
                task.Fill(fold, i, batch, slot);
                for (int t = 0; t < batch.Steps; t++)
                {
                    int row = (t * streams) + slot;
                    int at = (slot * length) + ((int)(i / streams) * chunk) + t;
                    if (batch.Weights![row] == 0)
                    {
                        continue;
                    }
                    Assert.That(batch.Weights[row], Is.EqualTo(1f / streams));
                    Assert.That(targets[at], Is.Null, $"{fold}, character {at} twice");
                    targets[at] = batch.Classes[row];
                    int before = at < ahead ? LineEnd : text[at - ahead];
                    Assert.That(batch.InputIndices[row], Is.EqualTo(before), $"{fold} {at}");
                }
            }
            int predicted = fold == Fold.Training ? length * streams : text.Length;
            Assert.That(
                targets, Is.EqualTo(text.Select((c, i) => i < predicted ? c : (int?)null)),
                $"{fold}");
            Assert.That(text.Length - predicted, Is.LessThan(streams * chunk));
        }
    }

    [Test]
    public void The_likelihood_is_that_of_PyTorch_on_unbroken_text(
        [Values(1, 5)] int ahead, [Values(1, 3)] int streams, [Values(4, 9, 200)] int chunk)
    {
        SequenceFixture fixture = new("characters");
        byte[] text = fixture.Text;
        byte[] enough = new byte[streams * chunk];
        CharacterTask task = new(
            new CharacterText(enough, text, text, fixture.Symbols, 0, Hashes("h")), ahead, streams,
            chunk);
        double bits = fixture.Number($"bits-{ahead}-{streams}");
        Assert.That(
            fixture.Score(task, Fold.Validation, MetricNames.BitsPerCharacter),
            Is.EqualTo(bits / text.Length).Within(1e-5));
    }

    [Test]
    public void The_training_fold_scores_as_the_same_text_does_elsewhere()
    {
        SequenceFixture fixture = new("characters");
        byte[] text = fixture.Text[..80];
        CharacterTask task = new(
            new CharacterText(text, text, text, fixture.Symbols, 0, Hashes("h")), 1, 4, 5);
        string metric = MetricNames.BitsPerCharacter;
        Assert.That(
            fixture.Score(task, Fold.Training, metric),
            Is.EqualTo(fixture.Score(task, Fold.Test, metric)));
    }

    [Test]
    public void The_loss_of_a_chunk_is_summed_over_its_steps_and_averaged_over_streams()
    {
        SequenceFixture fixture = new("characters");
        byte[] text = fixture.Text[..81];
        CharacterTask task = new(
            new CharacterText(text, text, text, fixture.Symbols, 0, Hashes("h")), 1, 3, 27);
        using RecurrentNetwork<float> network = fixture.Network(task);
        Batch<float> batch = Batch(task, 3);
        for (int b = 0; b < 3; b++)
        {
            task.Fill(Fold.Training, b, batch, b);
        }
        double perCharacter = fixture.Score(task, Fold.Training, MetricNames.BitsPerCharacter);
        Assert.That(
            network.Gradient(batch), Is.EqualTo(27 * perCharacter * Math.Log(2)).Within(1e-4));
    }

    [Test]
    public void A_state_starts_anew_with_each_epoch_and_nowhere_else()
    {
        CharacterTask task = Task(1, 3, 4);
        Assert.That(task.CarriesState);
        for (long i = 0; i < task.Count(Fold.Training); i += 3)
        {
            Assert.That(task.StartsAnew(Fold.Training, i), Is.EqualTo(i == 0));
        }
        Assert.That(task.Count(Fold.Training) % 3, Is.Zero, "an epoch is whole batches");
    }

    [Test]
    public void A_prefix_is_all_that_is_trained_on()
    {
        CharacterTask task = new(Text("h"), 1, 3, 4, 40);
        byte[] first = Train[..40];
        CharacterTask same = new(
            new CharacterText(first, Valid, Held, Symbols, LineEnd, Hashes("h")), 1, 3, 4);
        Assert.That(task.Count(Fold.Training), Is.EqualTo(9).And.EqualTo(
            same.Count(Fold.Training)));
        for (long i = 0; i < 9; i++)
        {
            Batch<float> a = Batch(task, 3);
            Batch<float> b = Batch(same, 3);
            task.Fill(Fold.Training, i, a, 0);
            same.Fill(Fold.Training, i, b, 0);
            Assert.That(a.Classes, Is.EqualTo(b.Classes));
            Assert.That(a.InputIndices, Is.EqualTo(b.InputIndices));
        }
    }

    [Test]
    public void Filling_allocates_nothing()
    {
        CharacterTask task = Task(5, 3, 4);
        Batch<float> batch = Batch(task, 3);
        task.Fill(Fold.Training, 0, batch, 0);
        Assert.That(
            Allocations.LeastBy(() =>
            {
                for (int i = 0; i < 9; i++)
                {
                    batch.Steps = task.StepsOf(Fold.Training, i);
                    task.Fill(Fold.Training, i, batch, i % 3);
                }
            }),
            Is.Zero);
    }

    [Test]
    public void A_run_knows_the_hashes_of_its_text_and_how_it_was_read()
    {
        TrainingSpec spec = new() { BatchSize = 3, Updates = 3, LearningRate = 0.1 };
        TrainingRun Run(int ahead, string hash) => new(
            "text", _ => new CharacterTask(Text(hash), ahead, 3, 4),
            new SimpleSetup(
                new IndependentGaussian(0.1), Activation.Sigmoid,
                new WeightScales { Deviation = 0.1 }),
            spec, 5, 1);
        TrainingRun run = Run(1, "a hash");
        Assert.That(run.DataHashes["text"], Is.EqualTo("a hash"));
        Assert.That(RunId.Of(Run(1, "a hash")), Is.EqualTo(RunId.Of(run)));
        Assert.That(RunId.Of(Run(5, "a hash")), Is.Not.EqualTo(RunId.Of(run)));
        Assert.That(RunId.Of(Run(1, "other")), Is.Not.EqualTo(RunId.Of(run)));
    }

    [Test]
    public void What_cannot_be_read_is_refused()
    {
        Assert.That(() => Task(0, 3, 4), Throws.ArgumentException);
        Assert.That(() => Task(1, 25, 4),
            Throws.ArgumentException.With.Message.Contains("at least 100"));
        Assert.That(() => new CharacterTask(Text("h"), 1, 3, 4, 98),
            Throws.ArgumentException.With.Message.Contains("98 of 97"));
        CharacterTask task = Task(1, 3, 4);
        Assert.That(() => task.Fill(Fold.Test, 15, Batch(task, 3), 0),
            Throws.TypeOf<ArgumentOutOfRangeException>());
        Assert.That(() => task.Fill(Fold.Test, 0, Generated.Room(task, 3), 0),
            Throws.ArgumentException.With.Message.Contains("no weights"));
    }

    internal static CharacterTask Task(int ahead, int streams, int chunk) =>
        new(Text("h"), ahead, streams, chunk);

    private static CharacterText Text(string hash) =>
        new(Train, Valid, Held, Symbols, LineEnd, Hashes(hash));

    private static Dictionary<string, string> Hashes(string hash) => new() { ["text"] = hash };

    private static byte[] Random(uint stream, int length)
    {
        Philox random = new(19, stream);
        return
            [.. Enumerable.Range(0, length).Select(i => (byte)random.Below((ulong)i, Symbols))];
    }

    private static byte[] Of(Fold fold) => fold switch
    {
        Fold.Training => Train,
        Fold.Validation => Valid,
        _ => Held,
    };

    private static Batch<float> Batch(CharacterTask task, int size)
    {
        Batch<float> batch = Generated.Room(task, size);
        batch.Weights = new float[task.Steps * size];
        return batch;
    }
}
