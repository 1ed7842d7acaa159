namespace Repro.Engine.Records;

/// <summary>A store's folder cannot be used; the message names it and says what to do.</summary>
public sealed class StoreException(string message, Exception? cause = null)
    : Exception(message, cause);
