using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Repro.Engine.Data;

/// <summary>Loads a value once for all threads; a failed load is not remembered.</summary>
internal static class LoadOnce
{
    public static T From<
        TKey,
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)]
    T>(
        ConcurrentDictionary<TKey, Lazy<T>> loaded, TKey key, Func<T> load)
        where TKey : notnull
    {
        Lazy<T> entry = loaded.GetOrAdd(key, _ => new Lazy<T>(load));
        try
        {
            return entry.Value;
        }
        catch
        {
            loaded.TryRemove(KeyValuePair.Create(key, entry));
            throw;
        }
    }
}
