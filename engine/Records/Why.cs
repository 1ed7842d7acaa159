using Repro.Engine.Judging;
using Repro.Engine.Runs;

namespace Repro.Engine.Records;

/// <summary>Says in words why runs would be made again, or why not. The first run that is not
/// recorded reads every record once; what it read serves all others, so that the reasons for a
/// figure of a thousand runs cost no more than those for one.</summary>
public sealed class Why
{
    private readonly Func<string, string?> ofId;
    private readonly Lazy<ILookup<string, Versions>> bySpec;

    /// <summary>The reasons under the lookup rule of <paramref name="stores"/>.</summary>
    public Why(TwoStores stores)
    {
        ofId = id => OfId(id, stores);
        bySpec = new(() => BySpec(stores.RecordedStores().Append(stores.Local)));
    }

    /// <summary>The reasons when one folder is all there is.</summary>
    public Why(RecordStore store)
    {
        ofId = id => OfId(store.Read(id));
        bySpec = new(() => BySpec([store]));
    }

    /// <summary>The reason for one run.</summary>
    public string Explain(IRunnable run) => ofId(RunId.Of(run)) ?? FromOthers(run);

    private static string? OfId(string id, TwoStores stores)
    {
        Lookup recorded = stores.ReadRecorded(id);
        Lookup local = stores.Local.Read(id);
        if (local is Lookup.Found)
        {
            return OfId(local);
        }
        if (recorded is Lookup.Found kept)
        {
            return stores.Profile == Profile.Paper
                ? $"not run again: it is recorded in '{kept.Path}'"
                : $"run again: the profile {stores.Profile.Name()} trains anew and compares with "
                    + $"the recorded '{kept.Path}'";
        }
        return OfId(recorded) ?? OfId(local);
    }

    private static string? OfId(Lookup lookup) => lookup switch
    {
        Lookup.Found made => $"not run again: its record is '{made.Path}'",
        Lookup.Damaged damaged =>
            $"run again: the record '{damaged.Path}' is damaged: {damaged.Reason}",
        _ => null,
    };

    private static ILookup<string, Versions> BySpec(IEnumerable<RecordStore> stores) =>
        stores.SelectMany(store => store.ReadAll())
            .ToLookup(
                record => CanonicalJson.Write(record.Spec),
                record => new Versions(record.Behaviour, record.Data));

    private string FromOthers(IRunnable run)
    {
        IReadOnlyList<string>? nearest = bySpec.Value[CanonicalJson.Write(run.Spec)]
            .Select(other => (IReadOnlyList<string>)[
                .. Differences(run.Behaviour, other.Behaviour, "component", "version "),
                .. Differences(run.DataHashes, other.Data, "data file", "")])
            .MinBy(differences => differences.Count);
        return nearest is null
            ? "run: not recorded, nor is any run with the same spec"
            : $"run again: {string.Join("; ", nearest)}";
    }

    // All that is kept of a record: thousands of them with their curves would fill the memory.
    private sealed record Versions(
        IReadOnlyDictionary<string, int> Behaviour, IReadOnlyDictionary<string, string> Data);

    private static IEnumerable<string> Differences<T>(
        IReadOnlyDictionary<string, T> now,
        IReadOnlyDictionary<string, T> then,
        string kind,
        string unit)
        where T : IEquatable<T>
    {
        foreach (string name in now.Keys.Union(then.Keys).Order(StringComparer.Ordinal))
        {
            bool isNow = now.TryGetValue(name, out T? here);
            bool wasThen = then.TryGetValue(name, out T? there);
            if (isNow && wasThen && !here!.Equals(there))
            {
                yield return $"{kind} {name} is now {unit}{here}, recorded with {there}";
            }
            else if (isNow && !wasThen)
            {
                yield return $"{kind} {name} ({unit}{here}) is new, recorded without it";
            }
            else if (!isNow)
            {
                yield return $"{kind} {name} is no longer used, recorded with {there}";
            }
        }
    }
}
