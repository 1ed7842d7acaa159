using System.Text.Json.Nodes;
using Repro.Engine.Judging;
using Repro.Engine.Runs;

namespace Repro.Engine.Records;

/// <summary>Says in words why a run would be made again, or why not.</summary>
public static class Why
{
    /// <summary>The reason under the lookup rule of <paramref name="stores"/>.</summary>
    public static string Explain(IRunnable run, TwoStores stores)
    {
        string id = RunId.Of(run);
        Lookup recorded = stores.ReadRecorded(id);
        Lookup local = stores.Local.Read(id);
        if (local is Lookup.Found made)
        {
            return $"not run again: its record is '{made.Path}'";
        }
        if (recorded is Lookup.Found kept)
        {
            return stores.Profile == Profile.Paper
                ? $"not run again: it is recorded in '{kept.Path}'"
                : $"run again: the profile {stores.Profile.Name()} trains anew and compares with "
                    + $"the recorded '{kept.Path}'";
        }
        if ((recorded as Lookup.Damaged ?? local as Lookup.Damaged) is { } damaged)
        {
            return $"run again: the record '{damaged.Path}' is damaged: {damaged.Reason}";
        }
        return FromOthers(
            run, stores.RecordedStores().Append(stores.Local).SelectMany(s => s.ReadAll()));
    }

    /// <summary>The reason when one folder is all there is.</summary>
    public static string Explain(IRunnable run, RecordStore store) =>
        store.Read(RunId.Of(run)) switch
        {
            Lookup.Found made => $"not run again: its record is '{made.Path}'",
            Lookup.Damaged damaged =>
                $"run again: the record '{damaged.Path}' is damaged: {damaged.Reason}",
            _ => FromOthers(run, store.ReadAll()),
        };

    private static string FromOthers(IRunnable run, IEnumerable<RunRecord> others)
    {
        JsonObject spec = run.Spec;
        string canonical = CanonicalJson.Write(spec);
        IReadOnlyList<string>? nearest = others
            .Where(other => CanonicalJson.Write(other.Spec) == canonical)
            .Select(other => (IReadOnlyList<string>)[
                .. Differences(run.Behaviour, other.Behaviour, "component", "version "),
                .. Differences(run.DataHashes, other.Data, "data file", "")])
            .MinBy(differences => differences.Count);
        return nearest is null
            ? "run: not recorded, nor is any run with the same spec"
            : $"run again: {string.Join("; ", nearest)}";
    }

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
