using System.Text.Json.Nodes;
using NUnit.Framework;
using Repro.Engine.Data;
using Repro.Engine.Judging;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Tests.Records;
using Repro.Engine.Tests.Training;
using Repro.Engine.Training;
using Repro.Engine.Training.Optimizers;
using Repro.Engine.Training.Rules;

namespace Repro.Engine.Tests.Tasks;

public sealed class WaveformTaskTests
{
    private static readonly TaskSources Sources = new(new DataStore(DataFolder.Resolve(null)));

    // Mean, variance and three samples of 320, computed from the formulas by another program.
    [TestCase(Waveform.Swing, -.019524, .368336, -.161273, .667984, .112528)]
    [TestCase(Waveform.OnGrid, .050646, .217291, .674239, .433380, .423707)]
    [TestCase(Waveform.OffGrid, .039727, .165422, .574367, .060009, -.534686)]
    [TestCase(Waveform.Overtones, .066565, .258224, .202921, -.719322, -.604240)]
    [TestCase(Waveform.Beat, 0, .225828, 0, 0, -.333025)]
    [TestCase(Waveform.Chirp, .043329, .493028, .000028, .122442, -.706274)]
    public void Samples_are_those_of_the_formula(
        Waveform wave, double mean, double variance, double first, double middle, double last)
    {
        double[] s = wave.Samples(320);
        Assert.That((s.Min(), s.Max()), Is.EqualTo((-1.0, 1.0)));
        double[] said = [s.Average(), s.Average(v => v * v) - (s.Average() * s.Average()), s[0],
            s[100], s[319]];
        Assert.That(
            said, Is.EqualTo(new[] { mean, variance, first, middle, last }).Within(6e-7));
    }

    [Test]
    public void The_mean_scores_one_and_the_samples_nothing([Values] Waveform wave)
    {
        WaveformTask task = new(wave, 320);
        Batch<float> batch = new(task.Network(2, Engine.Networks.Activation.Tanh), 320, 1);
        task.Fill(Fold.Test, 0, batch, 0);
        Assert.That(Score(task, batch, batch.Targets), Is.Zero);
        float mean = batch.Targets.Average();
        Assert.That(
            Score(task, batch, [.. Enumerable.Repeat(mean, 320)]), Is.EqualTo(1).Within(1e-6));
        Assert.That(Score(task, batch, [.. Enumerable.Repeat(mean + 1, 320)]), Is.GreaterThan(2));
    }

    [Test]
    public void The_input_is_one_at_every_step_and_all_folds_are_the_same_sequence()
    {
        WaveformTask task = new(Waveform.Chirp, 30);
        NetworkSpec spec = task.Network(2, Engine.Networks.Activation.Tanh);
        float[][] targets = [.. Enum.GetValues<Fold>().Select(fold =>
        {
            Batch<float> batch = new(spec, 30, 2);
            task.Fill(fold, 0, batch, 1);
            Assert.That(batch.Inputs.Where((_, i) => i % 2 == 1), Has.All.EqualTo(1));
            Assert.That(batch.Inputs.Where((_, i) => i % 2 == 0), Has.All.EqualTo(0));
            return batch.Targets;
        })];
        Assert.That(targets[0], Is.EqualTo(targets[1]).And.EqualTo(targets[2]));
        Assert.That(task.Count(Fold.Training), Is.EqualTo(1));
    }

    [Test]
    public void Other_sequences_lengths_and_waves_are_refused()
    {
        WaveformTask task = new(Waveform.Chirp, 30);
        NetworkSpec spec = task.Network(2, Engine.Networks.Activation.Tanh);
        Assert.That(
            () => task.Fill(Fold.Test, 1, new Batch<float>(spec, 30, 1), 0),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("one sequence"));
        Assert.That(
            () => task.Fill(Fold.Test, 0, new Batch<float>(spec, 29, 1), 0),
            Throws.ArgumentException.With.Message.Contains("30 samples, but the batch 29"));
        Assert.That(
            () => new WaveformTask(Waveform.Chirp, 1),
            Throws.InstanceOf<ArgumentException>().With.Message.Contains("2 or more"));
        JsonObject node = new() { ["name"] = "waveform", ["steps"] = 9, ["wave"] = "chirps" };
        Assert.That(
            () => SequenceTasks.Read(new SettingsNode("task", node), Sources, 1),
            Throws.TypeOf<SettingsException>().With.Message.Contains("'chirp', perhaps"));
    }

    [Test]
    public void A_run_keeps_the_outputs_that_its_score_is_of()
    {
        RunResult result = Run(new WaveformTask(Waveform.OffGrid, 40), 30).Result;
        Curve outputs = result.Curves[KeptOutputs.Curve];
        Assert.That(outputs.X, Is.EqualTo(Enumerable.Range(0, 40).Select(t => (double)t)));
        double[] wanted = Waveform.OffGrid.Samples(40);
        double mean = wanted.Average();
        double score = wanted.Zip(outputs.Y, (y, o) => (y - o) * (y - o)).Sum()
            / wanted.Sum(y => (y - mean) * (y - mean));
        Assert.That(
            result.Metrics["test normalised error"], Is.EqualTo(score).Within(0.01).Percent);
        Assert.That(score, Is.InRange(0.01, 2));
    }

    [Test]
    public void Outputs_of_a_task_that_has_them_at_the_end_only_are_refused() =>
        Assert.That(
            () => Of(SmallRuns.Task(1), 1),
            Throws.ArgumentException.With.Message.Contains("at the last step; 'outputs' keeps"));

    [Test]
    public void A_spec_read_as_settings_is_the_same_run()
    {
        TrainingRun run = Of(new WaveformTask(Waveform.Beat, 25), 4);
        TrainingRun again = TrainingRun.Read("", new SettingsNode("spec", run.Spec), Sources, 1);
        Assert.That(RunId.Of(again), Is.EqualTo(RunId.Of(run)));
        Assert.That(run.Behaviour["task.waveform"], Is.EqualTo(1));
    }

    private static TrainingRun Of(SequenceTask task, long updates) => new(
        "waveform", _ => task, new ClockworkSetup(new Clockwork([1, 2, 4])) { Deviation = 0.1 },
        new TrainingSpec
        {
            BatchSize = 1,
            Updates = updates,
            LearningRate = 3e-4,
            Optimizer = new Momentum(0.95, Nesterov: true),
            Rules = [new KeptOutputs()],
        }, 9, 1);

    private static RunRecord Run(SequenceTask task, long updates)
    {
        using TemporaryFolder folder = new();
        TwoStores stores = new(folder["recorded"], folder["out"], Profile.Quick);
        PoolOutcome outcome = new Pool(stores).Execute([new("item", Of(task, updates))])[0];
        Assert.That(outcome.Error, Is.Null);
        return outcome.Record!;
    }

    private static double Score(WaveformTask task, Batch<float> batch, float[] outputs)
    {
        SortedDictionary<string, double> sums = [];
        task.Score(batch, outputs, sums);
        return sums[MetricNames.NormalisedError];
    }
}
