using System.Globalization;

namespace Repro.Torture;

/// <summary>A command that cannot be meant.</summary>
internal sealed class WrongUseException(string message) : Exception(message);

/// <summary>A form and its options, each a name and a value.</summary>
internal sealed class Words
{
    private readonly Dictionary<string, string> options = [];

    public Words(string[] arguments)
    {
        Form = arguments.Length > 0 ? arguments[0] : "";
        for (int i = 1; i < arguments.Length; i += 2)
        {
            if (!arguments[i].StartsWith("--", StringComparison.Ordinal)
                || i + 1 == arguments.Length)
            {
                throw new WrongUseException($"'{arguments[i]}' is no option with a value");
            }
            options[arguments[i]] = arguments[i + 1];
        }
        Command = "dotnet run -c Release --project tests/Torture -- "
            + string.Join(' ', arguments.TakeWhile(a => a != "--out"));
    }

    public string Form { get; }

    /// <summary>The command without the file that its figures go to.</summary>
    public string Command { get; }

    public string? Text(string name) => options.GetValueOrDefault(name);

    public long Number(string name, long otherwise) =>
        !options.TryGetValue(name, out string? text) ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            && number > 0 ? number
        : throw new WrongUseException($"{name} is '{text}'; a whole number above 0 is needed");
}
