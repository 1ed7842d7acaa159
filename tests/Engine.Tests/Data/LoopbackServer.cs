using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Repro.Engine.Tests.Data;

/// <summary>What a request asked for.</summary>
internal sealed record Request(string Path, long? From, string? IfRange);

/// <summary>What to send back.</summary>
internal sealed record Reply(string Status, byte[] Body)
{
    public string Headers { get; init; } = "";

    /// <summary>Bytes of the body after which the connection is cut.</summary>
    public int CutAfter { get; init; } = int.MaxValue;

    /// <summary>Pause before each byte of the body; zero sends it at once.</summary>
    public TimeSpan Drip { get; init; }

    /// <summary>Awaited in the middle of the body.</summary>
    public Task? Pause { get; init; }
}

/// <summary>An HTTP/1.1 server on 127.0.0.1 that can cut its answers off.</summary>
internal sealed class LoopbackServer : IDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly Func<Request, int, Reply> answer;
    private readonly List<Request> requests = [];

    /// <param name="answer">Maps a request and its number, from 0, to a reply.</param>
    public LoopbackServer(Func<Request, int, Reply> answer)
    {
        this.answer = answer;
        listener.Start();
        _ = AcceptAsync();
    }

    public IReadOnlyList<Request> Requests
    {
        get
        {
            lock (requests)
            {
                return [.. requests];
            }
        }
    }

    public string Url(string name) =>
        $"http://127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}/{name}";

    /// <summary>A URL on which nothing listens.</summary>
    public static string ClosedUrl()
    {
        using LoopbackServer server = new((_, _) => throw new InvalidOperationException());
        return server.Url("file");
    }

    /// <summary>The whole body, or the rest of it when a range is asked for.</summary>
    public static Reply Ranged(Request request, byte[] body, string? tag = null)
    {
        string etag = tag is null ? "" : $"ETag: \"{tag}\"\r\n";
        bool sameTag = request.IfRange is null || request.IfRange == $"\"{tag}\"";
        if (request.From is not { } from || !sameTag)
        {
            return new Reply("200 OK", body) { Headers = etag };
        }

        return from >= body.Length
            ? new Reply("416 Range Not Satisfiable", [])
            {
                Headers = $"Content-Range: bytes */{body.Length}\r\n",
            }
            : new Reply("206 Partial Content", body[(int)from..])
            {
                Headers = etag
                    + $"Content-Range: bytes {from}-{body.Length - 1}/{body.Length}\r\n",
            };
    }

    public void Dispose() => listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                TcpClient client = await listener.AcceptTcpClientAsync();
                _ = Task.Run(() => ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient held = client;
        NetworkStream stream = client.GetStream();
        using StreamReader reader = new(stream, Encoding.ASCII, leaveOpen: true);
        string path = (await reader.ReadLineAsync() ?? "").Split(' ').ElementAtOrDefault(1) ?? "";
        long? from = null;
        string? ifRange = null;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            string value = line[(line.IndexOf(':') + 1)..].Trim();
            if (line.StartsWith("Range:", StringComparison.OrdinalIgnoreCase))
            {
                from = long.Parse(value["bytes=".Length..].TrimEnd('-'));
            }
            else if (line.StartsWith("If-Range:", StringComparison.OrdinalIgnoreCase))
            {
                ifRange = value;
            }
        }

        Request request = new(path, from, ifRange);
        int number;
        lock (requests)
        {
            number = requests.Count;
            requests.Add(request);
        }

        Reply reply = answer(request, number);
        string head = $"HTTP/1.1 {reply.Status}\r\nContent-Length: {reply.Body.Length}\r\n"
            + $"{reply.Headers}Connection: close\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head));
        int send = Math.Min(reply.CutAfter, reply.Body.Length);
        for (int i = 0; i < send && reply.Drip > TimeSpan.Zero; i++)
        {
            await Task.Delay(reply.Drip);
            await stream.WriteAsync(reply.Body.AsMemory(i, 1));
        }
        if (reply.Drip > TimeSpan.Zero)
        {
            return;
        }
        int half = reply.Pause is null ? send : send / 2;
        await stream.WriteAsync(reply.Body.AsMemory(0, half));
        if (reply.Pause is not null)
        {
            await reply.Pause;
            await stream.WriteAsync(reply.Body.AsMemory(half, send - half));
        }
    }
}
