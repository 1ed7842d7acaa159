using System.Buffers.Binary;
using System.Text.Json.Nodes;
using Repro.Engine.Numerics;
using Repro.Engine.Records;
using Repro.Engine.Runs;

namespace Repro.Engine.Tests.Runs;

/// <summary>A run without training: it folds counter-based numbers, so that a step left out, made
/// twice or made from a wrong state shows in the result.</summary>
internal sealed class FakeRun(ulong seed, int steps = 40) : IRunnable
{
    private const uint Purpose = 7;

    public string Label => $"fake seed {seed}";

    public JsonObject Spec { get; init; } = new() { ["seed"] = seed, ["steps"] = steps };

    public IReadOnlyDictionary<string, int> Behaviour { get; init; } =
        new Dictionary<string, int> { ["cell.simple"] = 1, ["optimiser.sgd"] = 3 };

    public IReadOnlyDictionary<string, string> DataHashes { get; init; } =
        new Dictionary<string, string>();

    public double EstimatedCost { get; init; } = steps;

    /// <summary>Called before each step.</summary>
    public Action<int> BeforeStep { get; init; } = _ => { };

    /// <summary>Called before each step with what the pool gave.</summary>
    public Action<IRunContext> WithContext { get; init; } = _ => { };

    /// <summary>Version of its checkpoints' layout.</summary>
    public int Layout { get; init; } = 1;

    public int StepsMade { get; private set; }

    public RunResult Execute(IRunContext context)
    {
        int step = 0;
        double sum = 0;
        if (context.LoadCheckpoint(Layout) is { } state)
        {
            step = BinaryPrimitives.ReadInt32LittleEndian(state);
            sum = BinaryPrimitives.ReadDoubleLittleEndian(state.AsSpan(4));
        }
        Philox random = new(seed, Purpose);
        for (; step < steps; step++)
        {
            BeforeStep(step);
            WithContext(context);
            if (context.CheckpointDue)
            {
                byte[] now = new byte[12];
                BinaryPrimitives.WriteInt32LittleEndian(now, step);
                BinaryPrimitives.WriteDoubleLittleEndian(now.AsSpan(4), sum);
                context.SaveCheckpoint(Layout, now);
                context.Cancellation.ThrowIfCancellationRequested();
            }
            sum = (0.75 * sum) + random.Uniform((ulong)step);
            StepsMade++;
            context.Report((step + 1.0) / steps, "");
        }
        return new RunResult(
            Outcomes.Completed,
            new Dictionary<string, double> { ["sum"] = sum, ["loss"] = double.NaN },
            new Dictionary<string, Curve> { ["sum"] = new([0, steps], [0, sum]) },
            CanonicalJson.Sha256Hex(BitConverter.GetBytes(sum)),
            steps);
    }
}
