using System.Diagnostics;
using System.Globalization;

namespace Streaming.Faults;

/// <summary>A server whose data folder is a small file system of its own, in memory, seen by nobody else.</summary>
public sealed class SmallDisk : IAsyncDisposable
{
    private const int PieceBytes = 64 << 10;

    private readonly string _filler;

    private SmallDisk(ServedProgram server, string dataFolder)
    {
        Server = server;
        // The way into another process's mounts (proc(5), /proc/pid/root).
        _filler = string.Create(CultureInfo.InvariantCulture, $"/proc/{server.ProcessId}/root{dataFolder}/filler");
    }

    public ServedProgram Server { get; }

    /// <param name="serve">How the server is started; it gets a mount namespace of its own.</param>
    /// <param name="dataFolder">Its data folder.</param>
    public static async Task<SmallDisk> ServeAsync(ProcessStartInfo serve, string dataFolder, int megabytes)
    {
        Directory.CreateDirectory(dataFolder);
        string mount = string.Create(CultureInfo.InvariantCulture, $"mount -t tmpfs -o size={megabytes}m tmpfs \"$0\" && exec \"$@\"");
        string[] wrapper = ["--mount", "--map-root-user", "sh", "-c", mount, dataFolder, serve.FileName];
        serve.FileName = "unshare";
        foreach (string argument in wrapper.Reverse())
            serve.ArgumentList.Insert(0, argument);
        return new SmallDisk(await ServedProgram.StartAsync(serve), dataFolder);
    }

    /// <summary>Takes all the room that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(_filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (int piece = PieceBytes; piece > 0;)
            {
                try
                {
                    file.Write(new byte[piece]);
                }
                catch (IOException) when (piece > 1)
                {
                    piece /= 2;
                }
            }
        }
        catch (IOException)
        {
            // Not one byte more.
        }
    }

    /// <summary>Gives it back.</summary>
    public void Empty() => File.Delete(_filler);

    public ValueTask DisposeAsync() => Server.DisposeAsync();
}
