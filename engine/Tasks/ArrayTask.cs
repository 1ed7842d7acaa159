using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Repro.Engine.Networks;
using Repro.Engine.Numerics;

namespace Repro.Engine.Tasks;

/// <summary>
/// Sequences and targets given as arrays: a task of one's own without a class of one's own. All
/// sequences have one length. The last ones of the arrays are the test fold, those before them
/// the validation fold, the others are trained on. The arrays are copied.
/// </summary>
/// <example>
/// Fits a network to 40 given sequences of 5 steps, and asks it about the last:
/// <code>
/// float[,,] inputs = new float[40, 5, 1];
/// float[,] targets = new float[40, 1];
/// for (int n = 0; n &lt; 40; n++)
/// {
///     for (int t = 0; t &lt; 5; t++)
///     {
///         inputs[n, t, 0] = ((n * 7) + (t * 3)) % 10 / 10f;
///     }
///     targets[n, 0] = inputs[n, 0, 0] - inputs[n, 4, 0];
/// }
/// ArrayTask task = new(inputs, targets, Readout.Linear, testCount: 10);
/// using RecurrentNetwork&lt;float&gt; network = new(task.Network(8, Activation.Tanh));
/// network.Initialize(Variant.Named("np-tanhRNN").Recurrent, new WeightScales(), seed: 1);
/// TrainingSpec spec = new() { BatchSize = 5, Updates = 600, LearningRate = 0.05 };
/// using Trainer trainer = new(network, task, spec, seed: 1);
/// trainer.Run();
/// float[] answer = network.Predict([0.1f, 0.4f, 0.7f, 0, 0.3f], steps: 5);
/// </code>
/// </example>
public sealed class ArrayTask : SequenceTask
{
    private readonly int count;
    private readonly float[] inputs;
    private readonly float[] targets;
    private readonly int[] classes;
    private readonly int validationCount;
    private readonly int testCount;

    /// <summary>Numbers to be given at the last step.</summary>
    /// <param name="inputs">[N, T, I], finite.</param>
    /// <param name="targets">[N, O], finite; in [0, 1] for a Bernoulli readout.</param>
    /// <param name="readout">Linear or Bernoulli.</param>
    /// <param name="validationCount">Sequences kept for validation, 0 or more.</param>
    /// <param name="testCount">Sequences kept for the test, 0 or more.</param>
    /// <exception cref="ArgumentException">The arrays do not fit one another, hold a number out
    /// of range, or leave none to train on.</exception>
    public ArrayTask(
        float[,,] inputs, float[,] targets, Readout readout, int validationCount = 0,
        int testCount = 0)
        : this(
            inputs, targets, readout, LossPlacement.LastStep, Width(targets, 1), validationCount,
            testCount)
    {
    }

    /// <summary>Numbers to be given at every step.</summary>
    /// <param name="inputs">[N, T, I], finite.</param>
    /// <param name="targets">[N, T, O], finite; in [0, 1] for a Bernoulli readout.</param>
    /// <param name="readout">Linear or Bernoulli.</param>
    /// <param name="validationCount">Sequences kept for validation, 0 or more.</param>
    /// <param name="testCount">Sequences kept for the test, 0 or more.</param>
    /// <exception cref="ArgumentException">The arrays do not fit one another, hold a number out
    /// of range, or leave none to train on.</exception>
    public ArrayTask(
        float[,,] inputs, float[,,] targets, Readout readout, int validationCount = 0,
        int testCount = 0)
        : this(
            inputs, targets, readout, LossPlacement.EveryStep, Width(targets, 2),
            validationCount, testCount)
    {
    }

    /// <summary>One class a sequence, to be named at the last step.</summary>
    /// <param name="inputs">[N, T, I], finite.</param>
    /// <param name="classes">[N], each 0 … O − 1.</param>
    /// <param name="classCount">O, 1 or more.</param>
    /// <param name="validationCount">Sequences kept for validation, 0 or more.</param>
    /// <param name="testCount">Sequences kept for the test, 0 or more.</param>
    /// <exception cref="ArgumentException">The arrays do not fit one another, hold a number out
    /// of range, or leave none to train on.</exception>
    public ArrayTask(
        float[,,] inputs, int[] classes, int classCount, int validationCount = 0,
        int testCount = 0)
        : this(
            inputs, classes, Readout.Softmax, LossPlacement.LastStep, classCount,
            validationCount, testCount)
    {
    }

    /// <summary>A class at every step.</summary>
    /// <param name="inputs">[N, T, I], finite.</param>
    /// <param name="classes">[N, T], each 0 … O − 1.</param>
    /// <param name="classCount">O, 1 or more.</param>
    /// <param name="validationCount">Sequences kept for validation, 0 or more.</param>
    /// <param name="testCount">Sequences kept for the test, 0 or more.</param>
    /// <exception cref="ArgumentException">The arrays do not fit one another, hold a number out
    /// of range, or leave none to train on.</exception>
    public ArrayTask(
        float[,,] inputs, int[,] classes, int classCount, int validationCount = 0,
        int testCount = 0)
        : this(
            inputs, classes, Readout.Softmax, LossPlacement.EveryStep, classCount,
            validationCount, testCount)
    {
    }

    private ArrayTask(
        float[,,] inputs, Array wanted, Readout readout, LossPlacement lossAt, int outputs,
        int validationCount, int testCount)
    {
        ArgumentNullException.ThrowIfNull(inputs);
        ArgumentNullException.ThrowIfNull(wanted);
        bool hasClasses = wanted is int[] or int[,];
        count = inputs.GetLength(0);
        Steps = inputs.GetLength(1);
        InputSize = inputs.GetLength(2);
        OutputSize = outputs;
        Readout = readout;
        LossAt = lossAt;
        Require(
            Steps >= 1 && InputSize >= 1 && outputs >= 1,
            $"sequences of {Steps} steps, {InputSize} inputs and {outputs} outputs; each has to "
            + "be 1 or more");
        Require(
            hasClasses || readout is Readout.Linear or Readout.Bernoulli,
            $"targets that are numbers cannot have the readout {readout}; use "
            + $"{nameof(Readout.Linear)} or {nameof(Readout.Bernoulli)}, or give classes");
        bool every = lossAt == LossPlacement.EveryStep;
        Require(
            wanted.GetLength(0) == count && (!every || wanted.GetLength(1) == Steps),
            $"the inputs are [{Lengths(inputs)}] and the targets [{Lengths(wanted)}]; N"
            + (every ? " and T have" : " has") + " to be the same");
        Require(
            validationCount >= 0 && testCount >= 0
                && (long)validationCount + testCount < count,
            $"of {count} sequences {validationCount} are kept for validation and {testCount} for "
            + "the test; 0 or more each, and at least one has to be left to train on");
        this.validationCount = validationCount;
        this.testCount = testCount;
        this.inputs = Flat<float>(inputs);
        targets = hasClasses ? [] : Flat<float>(wanted);
        classes = hasClasses ? Flat<int>(wanted) : [];
        RequireFinite(this.inputs, "input");
        RequireFinite(targets, "target");
        for (int i = 0; i < targets.Length && readout == Readout.Bernoulli; i++)
        {
            if (targets[i] is not (>= 0 and <= 1))
            {
                throw new ArgumentException(
                    $"target {i} is {targets[i]}; a Bernoulli readout needs numbers in [0, 1]");
            }
        }
        for (int i = 0; i < classes.Length; i++)
        {
            if ((uint)classes[i] >= (uint)outputs)
            {
                throw new ArgumentException(
                    $"class {classes[i]} at position {i} is outside 0 … {outputs - 1}");
            }
        }
        DataHashes = new Dictionary<string, string>
        {
            ["arrays/inputs"] = Hash(this.inputs),
            ["arrays/targets"] = hasClasses ? Hash(classes) : Hash(targets),
        };
    }

    /// <inheritdoc/>
    public override string Name => "arrays";

    /// <inheritdoc/>
    public override int BehaviourVersion => 1;

    /// <inheritdoc/>
    public override int Steps { get; }

    /// <inheritdoc/>
    public override int InputSize { get; }

    /// <inheritdoc/>
    public override int OutputSize { get; }

    /// <inheritdoc/>
    public override Readout Readout { get; }

    /// <inheritdoc/>
    public override LossPlacement LossAt { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, string> DataHashes { get; }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<string, object> Settings =>
        new SortedDictionary<string, object>(StringComparer.Ordinal)
        {
            ["inputs"] = InputSize,
            ["outputs"] = OutputSize,
            ["readout"] = Readout.Word(),
            ["sequences"] = count,
            ["test"] = testCount,
            ["validation"] = validationCount,
        };

    /// <inheritdoc/>
    public override long? Count(Fold fold) => fold switch
    {
        Fold.Training => count - validationCount - testCount,
        Fold.Validation => validationCount,
        Fold.Test => testCount,
        _ => throw Unknown.Member(fold),
    };

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">There is no such sequence, or the batch is for a
    /// network of other sizes.</exception>
    public override void Fill(Fold fold, long index, Batch<float> batch, int slot)
    {
        long first = fold switch
        {
            Fold.Training => 0,
            Fold.Validation => count - testCount - validationCount,
            Fold.Test => count - testCount,
            _ => throw Unknown.Member(fold),
        };
        if (index < 0 || index >= Count(fold))
        {
            throw new ArgumentException(
                $"sequence {index} of the {fold} fold was asked for; it has {Count(fold)}");
        }
        if (batch.Steps != Steps || batch.InputSize != InputSize || batch.OutputSize != OutputSize
            || batch.IsOneHot || (uint)slot >= (uint)batch.Size)
        {
            throw new ArgumentException(
                $"a batch of {batch.Steps} steps, {batch.InputSize} inputs and "
                + $"{batch.OutputSize} outputs, row {slot} of {batch.Size}; the task has {Steps}, "
                + $"{InputSize} and {OutputSize}: make the batch with the spec of a network for "
                + "this task");
        }
        int n = (int)(first + index);
        Copy(inputs, n, Steps, InputSize, batch.Inputs, batch.Size, slot);
        int steps = LossAt == LossPlacement.EveryStep ? Steps : 1;
        Copy(targets, n, steps, targets.Length == 0 ? 0 : OutputSize, batch.Targets, batch.Size,
            slot);
        Copy(classes, n, steps, classes.Length == 0 ? 0 : 1, batch.Classes, batch.Size, slot);
    }

    /// <summary>
    /// Adds, for each sequence: of a linear readout the squared errors of all outputs and steps;
    /// of classes their cross-entropy, and whether every step is right; of a Bernoulli readout
    /// the cross-entropy of all outputs and steps, nats.
    /// </summary>
    /// <inheritdoc/>
    public override void Score(
        Batch<float> batch, ReadOnlySpan<float> outputs, SortedDictionary<string, double> sums)
    {
        int steps = LossAt == LossPlacement.EveryStep ? Steps : 1;
        if (Readout == Readout.Softmax)
        {
            ClassScore.AddSequences(steps, batch.Size, OutputSize, batch.Classes, outputs, sums);
            return;
        }
        bool isLinear = Readout == Readout.Linear;
        double sum = 0;
        for (int i = 0; i < steps * batch.Size * OutputSize; i++)
        {
            double o = outputs[i];
            double z = batch.Targets[i];
            sum += isLinear
                ? (o - z) * (o - z)
                : Math.Max(o, 0) - (z * o) + Elementary.Log(1 + Elementary.Exp(-Math.Abs(o)));
        }
        string name = isLinear ? MetricNames.SquaredError : MetricNames.CrossEntropy;
        sums[name] = sums.GetValueOrDefault(name) + sum;
    }

    private static void Copy<TValue>(
        TValue[] from, int n, int steps, int width, TValue[] to, int size, int slot)
    {
        for (int t = 0; t < steps; t++)
        {
            from.AsSpan(((n * steps) + t) * width, width).CopyTo(
                to.AsSpan(((t * size) + slot) * width, width));
        }
    }

    private static int Width(Array targets, int dimension)
    {
        ArgumentNullException.ThrowIfNull(targets);
        return targets.GetLength(dimension);
    }

    private static TValue[] Flat<TValue>(Array array)
        where TValue : unmanaged
    {
        TValue[] flat = new TValue[array.Length];
        Buffer.BlockCopy(array, 0, flat, 0, Buffer.ByteLength(array));
        return flat;
    }

    private static string Lengths(Array array) => string.Join(
        ", ", Enumerable.Range(0, array.Rank).Select(array.GetLength));

    private static string Hash<TValue>(TValue[] values)
        where TValue : unmanaged =>
        Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<TValue>(values)));

    private static void RequireFinite(float[] values, string name)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
            {
                throw new ArgumentException(
                    $"{name} {i} is {values[i]}; a finite number is needed");
            }
        }
    }

    private static void Require(bool holds, string message)
    {
        if (!holds)
        {
            throw new ArgumentException(message);
        }
    }
}
