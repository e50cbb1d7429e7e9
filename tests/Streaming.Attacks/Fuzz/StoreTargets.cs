using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Models;
using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Attacks.Fuzz;

/// <summary>What memory is read from: logs of a disk or a Redis, and what a Redis says.</summary>
public static class StoreTargets
{
    private const int Hidden = 8;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>Snapshots of memory with whole frames around changed records, so that no checksum stands in the way.</summary>
    public static FuzzTarget Snapshot { get; } = new("memory snapshot", MakeSnapshot, input =>
    {
        var replay = new MemoryReplay(new MemoryOptions());
        RecordLog.Read(input, Hidden, replay.Add);
        _ = replay.Snapshot;
        return Task.CompletedTask;
    }, _ => false);

    /// <summary>Logs of lines.</summary>
    public static FuzzTarget Lines { get; } = new("line log", MakeLines, input =>
    {
        LineLog.Read(input, []);
        return Task.CompletedTask;
    }, _ => false);

    /// <summary>A Redis that answers with anything, and a store on it that is used as memory uses it.</summary>
    public static FuzzTarget Replies { get; } = new("RESP replies", MakeReplies, AnswerAsync, e => e is StoreException);

    private static byte[] MakeSnapshot(Random dice)
    {
        using var log = new MemoryStream();
        log.Write(RecordLog.Header(dice.Next(20) == 0 ? dice.Next(-2, int.MaxValue) : Hidden));
        for (int number = 0; number < dice.Next(1, 8); number++)
        {
            using var one = new MemoryStream();
            RecordLog.Append(one, Record(number, dice));
            byte[] framed = one.ToArray();
            int frame = RecordLog.FrameBytes(RecordLog.Version);
            if (dice.Next(3) != 0)
            {
                Change(framed.AsSpan(frame), dice);
                framed = dice.Next(6) == 0 ? framed[..(frame + dice.Next(1, framed.Length - frame))] : framed;
                RecordLog.Seal(framed);
            }
            log.Write(framed);
        }
        byte[] bytes = log.ToArray();
        return dice.Next(6) == 0 ? bytes[..dice.Next(bytes.Length + 1)] : bytes;
    }

    private static KeyframeRecord Record(int number, Random dice)
    {
        var time = TimeSpan.FromSeconds(number);
        int tokens = dice.Next(0, 5);
        var visual = new VisualTokens(
            Hidden, Enumerable.Repeat(0.5f, tokens * Hidden).ToArray(), Enumerable.Range(0, tokens).Select(i => new TokenOrigin(time, (short)i, (short)i)).ToArray(), Enumerable.Repeat(1f, tokens).ToArray(), Enumerable.Repeat(1f, tokens).ToArray());
        ClipHeader? clip = dice.Next(3) == 0 ? new ClipHeader(dice.Next(-1, 4), time, time, 1, 1, 0.5f, true) : null;
        return new KeyframeRecord(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0.25f), visual), tokens, new DecodeProgress(number, number, 0, time), true, clip);
    }

    private static byte[] MakeLines(Random dice)
    {
        using var log = new MemoryStream();
        log.Write(LineLog.Header());
        for (int portion = dice.Next(1, 6); portion > 0; portion--)
        {
            using var one = new MemoryStream();
            LineLog.Append(one, Texts(dice), Texts(dice));
            byte[] framed = one.ToArray();
            if (dice.Next(2) == 0 && framed.Length > RecordLog.FrameBytes(RecordLog.Version))
            {
                Change(framed.AsSpan(RecordLog.FrameBytes(RecordLog.Version)), dice);
                RecordLog.Seal(framed);
            }
            log.Write(framed);
        }
        byte[] bytes = log.ToArray();
        return dice.Next(6) == 0 ? bytes[..dice.Next(bytes.Length + 1)] : bytes;
    }

    private static IEnumerable<string> Texts(Random dice) => Enumerable.Range(0, dice.Next(4)).Select(i => new string((char)dice.Next(32, 0xd7ff), dice.Next(0, 30)));

    private static void Change(Span<byte> bytes, Random dice)
    {
        for (int times = dice.Next(1, 6); times > 0 && bytes.Length > 0; times--)
        {
            int at = dice.Next(bytes.Length);
            if (dice.Next(2) == 0)
                bytes[at] = (byte)dice.Next(256);
            else
                MemoryMarshal.AsBytes<long>([dice.Next(3) switch { 0 => long.MaxValue, 1 => long.MinValue, _ => -1 }])[..Math.Min(8, bytes.Length - at)].CopyTo(bytes[at..]);
        }
    }

    /// <summary>A row of replies of RESP2, each well formed for the most part, none of them what was asked for.</summary>
    private static byte[] MakeReplies(Random dice)
    {
        using var replies = new MemoryStream();
        for (int count = dice.Next(4, 20); count > 0; count--)
            replies.Write(Reply(dice, depth: 0));
        byte[] bytes = replies.ToArray();
        if (dice.Next(4) == 0)
            bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        return bytes;
    }

    private static byte[] Reply(Random dice, int depth) => dice.Next(depth < 3 ? 12 : 9) switch
    {
        0 => "+OK\r\n"u8.ToArray(),
        1 => "-ERR no\r\n"u8.ToArray(),
        2 => Encoding.ASCII.GetBytes($":{dice.NextInt64(long.MinValue, long.MaxValue)}\r\n"),
        3 => "$-1\r\n"u8.ToArray(),
        4 => Encoding.ASCII.GetBytes($"${dice.Next(1, int.MaxValue)}\r\n"),
        5 => "*-1\r\n"u8.ToArray(),
        6 => "$5\r\nhello\r\n"u8.ToArray(),
        7 => Encoding.ASCII.GetBytes($":{dice.Next(-2, 3)}\r\n"),
        8 => Encoding.ASCII.GetBytes($"*{dice.Next(2, 100_000_000)}\r\n"),
        _ => [.. Encoding.ASCII.GetBytes("*2\r\n"), .. Reply(dice, depth + 1), .. Reply(dice, depth + 1)],
    };

    private static async Task AnswerAsync(byte[] replies)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var over = new CancellationTokenSource();
        Task serving = ServeAsync(listener, replies, over.Token);
        var address = new RedisAddress("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port, 0, null, null, false, "fuzz", null);
        try
        {
            RedisLink link = RedisLink.Connect(address, Patience);
            await using (link.ConfigureAwait(false))
            {
                var store = new RedisMemoryStore(link, "door");
                foreach (Func<Task> use in (Func<Task>[])[() => store.ReadAsync(), () => store.ReplaceAsync(new byte[10]), () => store.AppendAsync(new byte[10]), () => store.SetAsideAsync(), () => store.DeleteAsync()])
                {
                    try
                    {
                        await use();
                    }
                    catch (StoreException)
                    {
                        // The next one may be answered differently.
                    }
                }
            }
        }
        finally
        {
            await over.CancelAsync();
            listener.Stop();
            await serving;
        }
    }

    /// <summary>Answers the greeting of the client as a Redis does, and after that each command with the next reply.</summary>
    private static async Task ServeAsync(TcpListener listener, byte[] replies, CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                using TcpClient client = await listener.AcceptTcpClientAsync(over);
                NetworkStream stream = client.GetStream();
                var buffer = new byte[64 * 1024];
                bool greeted = false;
                while (await stream.ReadAsync(buffer, over) is > 0 and var count)
                {
                    string said = Encoding.Latin1.GetString(buffer, 0, count);
                    greeted |= said.Contains("HGET", StringComparison.Ordinal) || said.Contains("EVAL", StringComparison.Ordinal);
                    await stream.WriteAsync(greeted ? replies : Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("+OK\r\n", Math.Max(1, said.Split('*').Length - 1)))), over);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
        {
            // The client has had enough, or the run is over.
        }
    }
}
