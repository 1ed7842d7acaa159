using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Networks;
using Repro.Engine.Tasks;

namespace Repro.Engine.Tests.Tasks;

/// <summary>Clips made here: feature i of frame t of clip n is 100n + 10t + i.</summary>
public class Ucf101TaskTests
{
    private const int FrameCount = 5;
    private const int FeatureCount = 4;

    // Two classes; groups 1 and 2 are tested, 8, 24 and 25 are the training part.
    private static readonly Ucf101Clip[] Clips =
    [
        .. from type in new[] { 1, 2 }
           from g in new[] { 1, 2, 8, 24, 25 }
           select new Ucf101Clip($"C{type}/v_C{type}_g{g:D2}_c01.avi", type, g, 1),
    ];

    internal static Ucf101Features Features() => new(
        FrameCount, FeatureCount, Clips, c => c.Group >= 8, "made", (clip, into) =>
        {
            for (int i = 0; i < into.Length; i++)
            {
                into[i] = (100 * clip) + (10 * (i / FeatureCount)) + (i % FeatureCount);
            }
        });

    private static int GroupOf(Ucf101Task task, Fold fold, int index) =>
        Clips[(int)task.Frames(fold, index)[0] / 100].Group;

    [Test]
    public void The_validation_group_does_not_train_and_the_test_part_is_the_splits()
    {
        Ucf101Task task = new(Features());
        Dictionary<Fold, int[]> groups = Enum.GetValues<Fold>().ToDictionary(
            fold => fold,
            fold => Enumerable.Range(0, (int)task.Count(fold)!.Value)
                .Select(i => GroupOf(task, fold, i)).ToArray());
        Assert.That(groups[Fold.Training], Is.EqualTo(new[] { 8, 24, 8, 24 }));
        Assert.That(groups[Fold.Validation], Is.EqualTo(new[] { 25, 25 }));
        Assert.That(groups[Fold.Test], Is.EqualTo(new[] { 1, 2, 1, 2 }));
        Assert.That(
            Enumerable.Range(0, 4).Select(i => task.Label(Fold.Test, i)),
            Is.EqualTo(new[] { 0, 0, 1, 1 }));
    }

    [Test]
    public void A_batch_holds_frame_t_of_clip_b_at_step_t_and_row_b()
    {
        Ucf101Task task = new(Features());
        Batch<float> batch = new(
            task.Network(3, Repro.Engine.Networks.Activation.Relu), FrameCount, 2);
        task.Fill(Fold.Training, 3, batch, 0);
        task.Fill(Fold.Training, 0, batch, 1);
        Assert.That(batch.Classes, Is.EqualTo(new[] { 1, 0 }));
        int[] clips = [8, 2];
        for (int i = 0; i < batch.Inputs.Length; i++)
        {
            int t = i / (2 * FeatureCount);
            int b = i / FeatureCount % 2;
            Assert.That(
                batch.Inputs[i],
                Is.EqualTo((100 * clips[b]) + (10 * t) + (i % FeatureCount)), $"value {i}");
        }
    }

    [TestCase(1, new[] { 2 })]
    [TestCase(2, new[] { 1, 3 })]
    [TestCase(3, new[] { 0, 2, 4 })]
    [TestCase(5, new[] { 0, 1, 2, 3, 4 })]
    public void Kept_frames_are_the_middles_of_equal_parts(int frames, int[] expected)
    {
        Ucf101Task task = new(Features(), frames: frames);
        float[] x = [.. task.Frames(Fold.Training, 0)];
        Assert.That(
            x.Where((_, i) => i % FeatureCount == 0).Select(v => (int)(v - 200) / 10),
            Is.EqualTo(expected));
    }

    [Test]
    public void Pooled_features_are_means_of_neighbours_for_every_clip_of_every_task()
    {
        Ucf101Features features = Features();
        Ucf101Task task = new(features, pool: 2);
        Ucf101Task other = new(features, frames: 2, pool: 4);
        Assert.That((task.InputSize, other.InputSize), Is.EqualTo((2, 1)));
        Assert.That(
            task.Frames(Fold.Test, 1).ToArray().Take(4),
            Is.EqualTo(new[] { 100.5f, 102.5f, 110.5f, 112.5f }));
        Assert.That(
            other.Frames(Fold.Test, 1).ToArray(), Is.EqualTo(new[] { 111.5f, 131.5f }));
    }

    [Test]
    public void A_group_without_training_clips_is_refused([Values(1, 7)] int group) => Assert.That(
        () => new Ucf101Task(Features(), group),
        Throws.ArgumentException.With.Message.Contain($"group {group} has 0 of the 6"));

    [Test]
    public void Frames_and_pools_that_do_not_fit_are_refused()
    {
        Assert.That(
            () => new Ucf101Task(Features(), frames: 6),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contain("1 … 5"));
        Assert.That(
            () => new Ucf101Task(Features(), pool: 3),
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contain("4 features"));
        Assert.That(
            () => new Ucf101Task(Features()).Frames(Fold.Validation, 2).Length,
            Throws.TypeOf<ArgumentOutOfRangeException>().With.Message.Contain("2 clips"));
    }

    [Test]
    public void The_pack_has_the_folds_that_the_reports_state()
    {
        if (Environment.GetEnvironmentVariable("REPRO_DATA") is not { Length: > 0 } folder)
        {
            Assert.Ignore("REPRO_DATA is not set");
            return;
        }
        Ucf101Task task = new(Ucf101Features.Load(new DataStore(DataFolder.Resolve(folder))));
        Assert.That(
            (task.Count(Fold.Training), task.Count(Fold.Validation), task.Count(Fold.Test),
                task.Steps, task.InputSize, task.OutputSize),
            Is.EqualTo((1260L, 81L, 524L, 25, 4096, 14)));
    }
}
