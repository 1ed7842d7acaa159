using Repro.Engine.Records;

namespace Repro.Engine.Tasks;

/// <summary>Every task by its name in settings.</summary>
public static class SequenceTasks
{
    private static readonly (string Name, Reader Read)[] All =
    [
        (PairTarget.Sum.Word(), MarkedPairTask.FromSettings),
        (PairTarget.Product.Word(), MarkedPairTask.FromSettings),
        (PairOperation.Addition.Word(), PascanuPairTask.FromSettings),
        (PairOperation.Multiplication.Word(), PascanuPairTask.FromSettings),
        (TemporalOrder.TwoMarks.Word(), TemporalOrderTask.FromSettings),
        (TemporalOrder.ThreeMarks.Word(), TemporalOrderTask.FromSettings),
        (RandomPermutationTask.Word, RandomPermutationTask.FromSettings),
        (MemorisationTask.Word, MemorisationTask.FromSettings),
        (SequentialMnist.Word, SequentialMnist.FromSettings),
        (MusicTask.Word, MusicTask.FromSettings),
        (CharacterTask.Word, CharacterTask.FromSettings),
        (Ucf101Task.Word, Ucf101Task.FromSettings),
        (WaveformTask.Word, WaveformTask.FromSettings),
    ];

    /// <summary>Reads a task's settings.</summary>
    /// <param name="node">The member <c>task</c> of a run's settings.</param>
    /// <param name="sources">Where data is.</param>
    /// <param name="seed">The run's seed.</param>
    internal delegate SequenceTask Reader(SettingsNode node, TaskSources sources, ulong seed);

    /// <summary>The task that settings describe, in the words of a recorded run's.</summary>
    /// <param name="node">The member <c>task</c> of a run's settings. Its <c>steps</c> may be
    /// left out where the other settings decide them.</param>
    /// <param name="sources">Where data is.</param>
    /// <param name="seed">The run's seed.</param>
    /// <exception cref="SettingsException">A member is missing, misspelt or of another kind.
    /// </exception>
    public static SequenceTask Read(SettingsNode node, TaskSources sources, ulong seed)
    {
        SequenceTask task = node["name"].Choice(
            [
                .. All.Select(t =>
                    (t.Name, (Func<SequenceTask>)(() => t.Read(node, sources, seed)))),
            ]);
        return !node.Has("steps") || node["steps"].Whole == task.Steps
            ? task
            : throw node["steps"].Expected(
                $"{task.Steps}, which the other settings of the task come to");
    }

    /// <summary>T of the shortest and the longest sequence, as fresh tasks state it.</summary>
    internal static SequenceLength Length(SettingsNode node) =>
        new(node["shortest"].Count, node["longest"].Count);
}
