using Repro.Engine.Judging;
using Repro.Engine.Networks.Initializers;
using Repro.Engine.Records;
using Repro.Engine.Runs;
using Repro.Engine.Tasks;
using Repro.Engine.Training;

namespace Repro.Torture;

/// <summary>
/// Real training runs, made small so that much of their time goes to files: H = 8, T = 10, B = 3,
/// a checkpoint at each point where one can be saved, after every 16 updates.
/// </summary>
internal sealed class Job
{
    private const double Always = 1e-9;
    private readonly int runs;
    private readonly long updates;
    private readonly Lazy<IReadOnlyDictionary<string, byte[]>> expected;

    /// <summary>The job, and what it comes to when nothing disturbs it.</summary>
    /// <param name="runs">How many runs.</param>
    /// <param name="updates">Updates of each.</param>
    public Job(int runs, long updates)
    {
        (this.runs, this.updates) = (runs, updates);
        expected = new(Undisturbed);
    }

    /// <summary>The bytes of each run's record by id.</summary>
    public IReadOnlyDictionary<string, byte[]> Expected => expected.Value;

    /// <summary>The store of a folder.</summary>
    public static RecordStore Store(string folder, Action<string>? warn = null) =>
        Stores(folder, warn).Local;

    /// <summary>Makes what the folder lacks.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="ended">Told of each id whose record is written.</param>
    /// <param name="workers">Runs at once.</param>
    /// <param name="warn">Receives sentences about files that cannot be trusted.</param>
    public IReadOnlyList<PoolOutcome> Make(
        string folder, Action<string>? ended = null, int workers = 1, Action<string>? warn = null)
    {
        PoolOptions options = new()
        {
            Workers = workers,
            CheckpointSeconds = Always,
            Machine = Machine.Here,
            Message = warn,
            Ended = outcome => ended?.Invoke(outcome.Id),
        };
        return new Pool(Stores(folder, warn), options).Execute(
            Enumerable.Range(1, runs).Select(seed => new PoolItem("torture", Run((ulong)seed))));
    }

    /// <summary>What is wrong with a folder's records: sentences, none where every record there
    /// is whole, right, and has its note.</summary>
    /// <param name="folder">The store.</param>
    /// <param name="announced">Ids whose record was said to be written.</param>
    public IEnumerable<string> Faults(string folder, IEnumerable<string> announced)
    {
        RecordStore store = Store(folder);
        HashSet<string> there = [.. store.Ids()];
        foreach (string id in announced.Where(id => !there.Contains(id)))
        {
            yield return $"lost: the record of {id} was written and is gone";
        }
        foreach (string id in there)
        {
            if (store.Read(id) is not Lookup.Found found)
            {
                yield return $"wrong: {((Lookup.Damaged)store.Read(id)).Message}";
            }
            else if (!found.Record.FileBytes().AsSpan().SequenceEqual(Expected[id]))
            {
                yield return $"wrong: the record of {id} has another result";
            }
            else if (store.ReadNote(id) is null)
            {
                yield return $"lost: the record of {id} has no note";
            }
        }
    }

    private Dictionary<string, byte[]> Undisturbed()
    {
        using Scratch folder = new();
        return Make(folder.Root).ToDictionary(o => o.Id, o => o.Record!.FileBytes());
    }

    private static TwoStores Stores(string folder, Action<string>? warn = null) =>
        new(Path.Combine(folder, "recorded"), Path.Combine(folder, "store"), Profile.Quick, warn);

    private TrainingRun Run(ulong seed) => new(
        $"seed {seed}",
        s => new MarkedPairTask(
            PairTarget.Sum, 10, s, trainingCount: 20, validationCount: 15, testCount: 25),
        new SimpleSetup(Variant.Named("np-tanhRNN"), new WeightScales()),
        new TrainingSpec
        {
            BatchSize = 3,
            Updates = updates,
            LearningRate = 0.01,
            EvaluateEvery = 3,
            ValidationSequences = 7,
        },
        8, seed);
}
