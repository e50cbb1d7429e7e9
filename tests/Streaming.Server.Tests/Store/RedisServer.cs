using System.Diagnostics;
using System.Runtime.InteropServices;
using Streaming.Server.Store;

namespace Streaming.Server.Tests.Store;

/// <summary>A real Redis in a process of its own, at a port that stays the same, with a file that every writing is flushed to.</summary>
internal sealed class RedisServer : IDisposable
{
    private const int Stop = 19, Continue = 18; // SIGSTOP, SIGCONT

    // Far beyond what a command takes: it only keeps a hang from lasting for ever.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-redis-").FullName;
    private readonly string[] _arguments;
    private readonly int _port = Faults.Ports.Free();
    private Process? _process;
    private RedisLink? _link;

    public RedisServer(params string[] arguments)
    {
        _arguments = arguments;
        try
        {
            Start();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Url => $"redis://127.0.0.1:{_port}";

    public RedisAddress Address => RedisAddress.Parse("STREAMING_REDIS", Url, "test", TimeSpan.FromDays(1));

    /// <summary>A connection for what a test does and looks at itself; it goes with the server.</summary>
    public RedisLink Link => _link ??= Connect();

    /// <summary>Another connection, of one's own.</summary>
    public RedisLink Connect() => RedisLink.Connect(Address, Patience);

    public void Start()
    {
        _process = Process.Start(new ProcessStartInfo(
            "redis-server", [_arguments.Contains("--tls-cert-file") ? "--tls-port" : "--port", $"{_port}", "--bind", "127.0.0.1", "--dir", _folder, "--appendonly", "yes", "--appendfsync", "always", "--save", "", .. _arguments])
        {
            RedirectStandardOutput = true,
        })!;
        while (_process.StandardOutput.ReadLine() is { } line)
        {
            if (line.Contains("Ready to accept connections", StringComparison.Ordinal))
            {
                _ = _process.StandardOutput.ReadToEndAsync();
                return;
            }
        }
        throw new InvalidOperationException("Redis did not start: are tests/apt-packages.txt installed?");
    }

    /// <summary>kill -9.</summary>
    public void Kill()
    {
        _process?.Kill();
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Freeze() => Send(Stop);

    public void Thaw() => Send(Continue);

    public void Dispose()
    {
        _link?.DisposeAsync().AsTask().GetAwaiter().GetResult();
        Kill();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private void Send(int signal)
    {
        if (Signal(_process!.Id, signal) != 0)
            throw new InvalidOperationException("Redis does not take a signal.");
    }

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Signal(int process, int signal);
}
