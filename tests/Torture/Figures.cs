using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Repro.Torture;

/// <summary>What a form of torture came to, as a small JSON file with the command that made it.
/// </summary>
internal static class Figures
{
    private static readonly JsonSerializerOptions Form = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Prints the figures and, where a path is given, writes them.</summary>
    public static void Say<T>(string command, string? path, T figures)
    {
        JsonObject all = new()
        {
            ["command"] = command,
            ["machine"] = JsonSerializer.SerializeToNode(Machine.Here, Form),
            ["figures"] = JsonSerializer.SerializeToNode(figures, Form),
        };
        string text = all.ToJsonString(Form);
        Console.WriteLine(text);
        if (path is not null)
        {
            Repro.Engine.Records.AtomicFile.Write(
                path, System.Text.Encoding.UTF8.GetBytes(text + "\n"));
        }
    }
}
