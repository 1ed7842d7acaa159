namespace Repro.Engine.Data;

/// <summary>How far one download has come.</summary>
/// <param name="File">The file being downloaded.</param>
/// <param name="Bytes">Bytes on disk, those of an earlier interrupted attempt included. It falls
/// back when a source makes the download start over.</param>
/// <param name="Total">Bytes of the whole download, or null while the source has not said.
/// </param>
public readonly record struct DownloadProgress(DataFile File, long Bytes, long? Total);
