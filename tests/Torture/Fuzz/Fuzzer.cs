using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;

namespace Repro.Torture.Fuzz;

/// <summary>What a reader did with the inputs.</summary>
/// <param name="Target">The reader.</param>
/// <param name="Inputs">Inputs.</param>
/// <param name="Accepted">Of them, those that were read.</param>
/// <param name="Outcomes">Different ways to be refused, numbers and names left out of the
/// message, and to be read.</param>
/// <param name="MostBytes">The most memory that one input had allocated.</param>
/// <param name="SlowestMilliseconds">The longest one took.</param>
/// <param name="Wrong">Inputs that ended otherwise than the reader's documentation says, or had
/// more memory allocated than it may.</param>
/// <param name="Faults">The first of them in words, the input in base 64.</param>
internal sealed record FuzzFigures(
    string Target, long Inputs, long Accepted, int Outcomes, long MostBytes,
    double SlowestMilliseconds, long Wrong, IReadOnlyList<string> Faults);

/// <summary>
/// Mutates whole inputs, and keeps those that a reader answers in a new way as beginnings of more:
/// what a reader says stands for the path that it took. The kept corpus is what earlier runs found.
/// </summary>
internal sealed partial class Fuzzer(Target target, ulong seed)
{
    // An input of a few kilobytes may ask for a network or an array; a byte may not ask for
    // gigabytes.
    private const long MostBytes = 64L << 20;
    private const int Said = 5;
    private const int LargestInput = 1 << 16;
    private const int LargestPool = 1_000;

    private readonly List<byte[]> pool = [.. Samples.Of(target.Name), .. Corpus.Of(target.Name)];
    private readonly Dictionary<string, byte[]> outcomes = [];
    private readonly List<string> faults = [];
    private long accepted;
    private long wrong;
    private long mostBytes;
    private double slowest;

    /// <summary>The smallest input of each outcome.</summary>
    public IReadOnlyDictionary<string, byte[]> Outcomes => outcomes;

    /// <summary>The pool as it is, and so many inputs made of it.</summary>
    public FuzzFigures Run(long inputs)
    {
        using Scratch scratch = new();
        string path = scratch["input"];
        foreach (byte[] known in pool.ToArray())
        {
            Look(path, known);
        }
        long begun = pool.Count;
        Mutator mutator = new(seed, (uint)Index());
        for (long i = 0; i < inputs; i++)
        {
            byte[] made = mutator.Make(i, pool);
            if (target.Seal is { } seal && mutator.Seals())
            {
                made = seal(made);
            }
            if (made.Length <= LargestInput && Look(path, made) && pool.Count < LargestPool)
            {
                pool.Add(made);
            }
        }
        return new FuzzFigures(
            target.Name, inputs + begun, accepted, outcomes.Count, mostBytes,
            Math.Round(slowest, 1), wrong, faults);
    }

    private int Index() => Target.All.ToList().FindIndex(t => t.Name == target.Name);

    /// <summary>Whether the reader answered in a new way.</summary>
    private bool Look(string path, byte[] input)
    {
        if (target.WantsFile)
        {
            File.WriteAllBytes(path, input);
        }
        long before = GC.GetAllocatedBytesForCurrentThread();
        long began = Stopwatch.GetTimestamp();
        string outcome = "read";
        bool isWrong = false;
        try
        {
            target.Read(path, input);
            accepted++;
        }
        catch (Exception error)
        {
            isWrong = !target.Refusals.Any(type => type.IsInstanceOfType(error));
            outcome = isWrong
                ? $"{error.GetType().Name}: {error.Message}"
                : $"{error.GetType().Name} {Shape(error.Message.Replace(path, "PATH"))}";
        }
        slowest = Math.Max(slowest, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        mostBytes = Math.Max(mostBytes, bytes);
        if (isWrong || bytes > MostBytes)
        {
            wrong++;
            if (faults.Count < Said)
            {
                faults.Add($"{outcome} ({bytes} bytes) of {Convert.ToBase64String(input)}");
            }
        }
        bool isNew = !outcomes.TryGetValue(outcome, out byte[]? known);
        if (isNew || input.Length < known!.Length)
        {
            outcomes[outcome] = input;
        }
        return isNew;
    }

    // Numbers, hashes and quoted words differ from input to input of one kind.
    private static string Shape(string message)
    {
        string bare = Varying().Replace(message, "#");
        return bare.Length > 160 ? bare[..160] : bare;
    }

    [GeneratedRegex("""'[^']*'|"[^"]*"|[-+0-9.e]*[0-9][0-9a-fx.]*|\([^)]*\)""")]
    private static partial Regex Varying();
}
