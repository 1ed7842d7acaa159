namespace Repro.Engine.Records;

/// <summary>Settings that cannot be read: the message names the place, what is there and what is
/// needed.</summary>
public class SettingsException(string message, Exception? inner = null)
    : Exception(message, inner);
