namespace Repro.Engine.Data;

/// <summary>Opens and reads files for the format readers, with their errors.</summary>
internal static class FormatFile
{
    /// <summary>Opens a file for reading.</summary>
    /// <exception cref="DataException">Missing or Unwritable.</exception>
    public static FileStream Open(string path)
    {
        try
        {
            return new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new DataException(
                DataErrorKind.Missing, path, "There is no such file.",
                "Check the path, or get the file through DataStore.Require.", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DataException(
                DataErrorKind.Unwritable, path, $"The file cannot be opened: {e.Message}",
                "Check its permissions.", e);
        }
    }

    /// <summary>The bytes of a whole file as they lie.</summary>
    /// <exception cref="DataException">Missing, Unwritable, or Malformed when the file is longer
    /// than <paramref name="limit"/> bytes.</exception>
    public static byte[] ReadAll(string path, int limit)
    {
        using FileStream file = Open(path);
        if (file.Length > limit)
        {
            throw new DataException(
                DataErrorKind.Malformed, path,
                $"The file has {file.Length} bytes, more than the {limit} that are read.",
                "Check that it is the right file.");
        }

        byte[] bytes = new byte[file.Length];
        try
        {
            file.ReadExactly(bytes);
        }
        catch (IOException e)
        {
            throw new DataException(
                DataErrorKind.Unwritable, path, $"The file cannot be read: {e.Message}",
                "Check the disk, and that nothing is writing the file.", e);
        }

        return bytes;
    }
}
