using Repro.Engine.Judging;
using System.Text.Json.Nodes;
using Repro.Engine.Networks;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Engine.Runs;

/// <summary>
/// A training run's settings as JSON, the source of its id. A setting that an older run did not
/// have is written only where it differs from what the older run did, so ids stay.
/// </summary>
internal static class TrainingRunSpec
{
    public static JsonObject Of(
        SequenceTask task, Variant variant, WeightScales scales, TrainingSpec training,
        int hiddenSize, ulong seed, LstmInitializer? lstm, LeakRule? leaks)
    {
        JsonObject taskNode = new() { ["name"] = task.Name, ["steps"] = task.Steps };
        foreach ((string name, object value) in task.Settings)
        {
            taskNode[name] = JsonValue.Create(value);
        }
        JsonObject network = new()
        {
            ["cell"] = lstm is null ? "simple" : "lstm",
            ["activation"] = lstm is null ? Lower(variant.Activation) : "tanh",
            ["hidden"] = hiddenSize,
        };
        if (leaks is not null)
        {
            network["leaks"] = new JsonArray(leaks.Units, leaks.Low, leaks.High);
        }
        return new JsonObject
        {
            ["kind"] = "training",
            ["seed"] = seed,
            ["task"] = taskNode,
            ["network"] = network,
            ["initializer"] = lstm is null ? Initializer(variant, scales) : Initializer(lstm),
            ["training"] = Training(training),
        };
    }

    private static JsonObject Initializer(Variant variant, WeightScales scales) =>
        scales.Deviation is { } deviation ? new JsonObject
        {
            ["recurrent"] = variant.Recurrent.Name,
            ["deviation"] = deviation,
        } : new JsonObject
        {
            ["recurrent"] = variant.Recurrent.Name,
            ["alpha"] = scales.UseAlpha,
            ["alphaSize"] = scales.UseAlpha ? Lower(scales.AlphaSize) : null,
            ["inputVarianceSize"] = Lower(scales.InputVarianceSize),
            ["readoutScale"] = Lower(scales.Readout),
        };

    private static JsonObject Initializer(LstmInitializer lstm) => new()
    {
        ["weights"] = Lower(lstm.Weights),
        ["deviation"] = lstm.Deviation,
        ["forgetBias"] = lstm.ForgetBias,
        ["readoutDeviation"] = lstm.ReadoutDeviation,
    };

    private static JsonObject Training(TrainingSpec spec)
    {
        JsonObject node = Basics(spec);
        if (spec.Regularizer is { } r)
        {
            node["regularizer"] = Regularizer(r);
        }
        if (spec.Guard is { } guard)
        {
            node["guard"] = new JsonArray(guard.MaximumNorm, guard.Shrinkage);
        }
        if (spec.Success is { } s)
        {
            node["success"] = new JsonObject
            {
                ["wrong"] = s.MaximumWrong,
                ["sequences"] = s.Sequences,
                ["every"] = s.CheckEvery,
            };
        }
        if (spec.Futility is { } f)
        {
            node["futility"] = new JsonArray(f.AtUpdate, f.LossAbove);
        }
        if (spec.Halving is { } h)
        {
            node["halving"] = new JsonArray(h.Metric, h.HigherIsBetter);
        }
        if (spec.Selection is { } best)
        {
            node["selection"] = new JsonArray(best.Metric, best.HigherIsBetter, best.Patience);
        }
        if (spec.Dropout > 0)
        {
            node["dropout"] = spec.Dropout;
        }
        if (spec.FreezesBiases)
        {
            node["biases"] = false;
        }
        if (spec.TrainingScoreSequences > 0)
        {
            node["trainingScore"] = spec.TrainingScoreSequences;
        }
        if (spec.Spectrum)
        {
            node["spectrum"] = true;
        }
        if (spec.Trace is { } t)
        {
            node["trace"] = new JsonArray(t.From, t.To);
        }
        if (spec.TestLengths.Count > 0)
        {
            node["testLengths"] = new JsonArray([.. spec.TestLengths.Select(n => (JsonNode)n)]);
        }
        return node;
    }

    private static JsonObject Regularizer(RegularizerSchedule r) => new()
    {
        ["alpha"] = r.Alpha,
        ["steps"] = r.Steps.Count == 0 ? null : new JsonArray(
            [.. r.Steps.Select(s => new JsonArray(s.FromUpdate, s.Factor))]),
        ["decay"] = r.DecayUpdates is { } half ? new JsonArray(half, r.DecayFrom) : null,
        ["ratio"] = Lower(r.Form.Ratio),
        ["bound"] = r.Form.Bound,
    };

    private static JsonObject Basics(TrainingSpec spec)
    {
        bool isRmsProp = spec.Optimizer.Kind == OptimizerKind.RmsProp;
        bool clips = spec.Clipping.Kind != ClippingKind.None;
        return new JsonObject
        {
            ["batch"] = spec.BatchSize,
            ["updates"] = spec.Updates,
            ["learningRate"] = spec.LearningRate,
            ["schedule"] = spec.Schedule.Count == 0 ? null : new JsonArray(
                [.. spec.Schedule.Select(s => new JsonArray(s.FromUpdate, s.Factor))]),
            ["optimizer"] = isRmsProp ? "rmsprop" : "sgd",
            ["decay"] = isRmsProp ? spec.Optimizer.Decay : null,
            ["epsilon"] = isRmsProp ? spec.Optimizer.Epsilon : null,
            ["clipping"] = Lower(spec.Clipping.Kind),
            ["threshold"] = clips ? spec.Clipping.Threshold : null,
            ["lossFactor"] = spec.LossFactor,
            ["evaluateEvery"] = spec.EvaluateEvery,
            ["validation"] = spec.ValidationSequences,
            ["testCurve"] = spec.TestCurve,
            ["test"] = spec.TestSequences,
        };
    }

    private static string Lower<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
