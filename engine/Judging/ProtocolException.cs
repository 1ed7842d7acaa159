using Repro.Engine.Records;

namespace Repro.Engine.Judging;

/// <summary>A protocol file does not say what it must; the message names the file, the place in
/// it and what is expected there.</summary>
public sealed class ProtocolException(string message, Exception? cause = null)
    : SettingsException(message, cause);
