namespace Repro.Engine.Data;

/// <summary>The variables of a MATLAB file.</summary>
public sealed class MatFile
{
    private readonly string path;

    internal MatFile(string path, IReadOnlyList<MatArray> variables)
    {
        this.path = path;
        Variables = variables;
    }

    /// <summary>The variables in the file's order; their names are unique.</summary>
    public IReadOnlyList<MatArray> Variables { get; }

    /// <summary>The cell array of a name.</summary>
    /// <exception cref="DataException">The file has none (Malformed); the message lists what it
    /// has.</exception>
    public MatCell Cell(string name) => Find<MatCell>(name, "cell array");

    /// <summary>The numeric array of a name.</summary>
    /// <exception cref="DataException">The file has none (Malformed); the message lists what it
    /// has.</exception>
    public MatNumeric Numeric(string name) => Find<MatNumeric>(name, "numeric array");

    private T Find<T>(string name, string kind)
        where T : MatArray
    {
        if (Variables.FirstOrDefault(v => v.Name == name) is T found)
        {
            return found;
        }

        string has = Variables.Count == 0
            ? "no variable at all"
            : string.Join(", ", Variables.Select(v =>
                $"{(v is MatCell ? "the cell array" : "the numeric array")} '{v.Name}'"));
        throw new DataException(
            DataErrorKind.Malformed, path, $"The file has no {kind} '{name}'; it has {has}.",
            MatReader.Remedy);
    }
}
