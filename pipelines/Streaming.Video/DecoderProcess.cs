using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video;

/// <summary>The parent's hold on one decoder process: starts it, reads its pipe with a deadline, kills it, reaps it.</summary>
internal sealed class DecoderProcess
{
    internal static readonly SourceFailure Nonsense =
        new(SourceFailureKind.DecoderLost, "the decoder process sent something that is no message");

    // The variables that a .NET program needs to start; the rest of the environment may hold secrets.
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "LANG", "LD_LIBRARY_PATH", "DOTNET_ROOT", "DOTNET_ROOT_X64", "DOTNET_ROLL_FORWARD"];

    // Beyond the child's own read deadline, for its start.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Process? _process;
    private readonly FileStream? _pipe;
    private readonly RunQueue? _runQueue;
    private readonly int _silenceMilliseconds;

    internal DecoderProcess(DecoderOptions options, DecodeOrder order)
    {
        _silenceMilliseconds = (int)(options.Limits.ReadTimeout + Patience).TotalMilliseconds;
        try
        {
            _process = Process.Start(StartInfo(options.Command))!;
            Id = _process.Id;
            _runQueue = new RunQueue(Id);
            _pipe = new FileStream(new SafeFileHandle(PipeOf(_process), ownsHandle: false), FileAccess.Read, bufferSize: 0);
            order.Write(_process.StandardInput.BaseStream);
        }
        catch (Exception e) when (e is Win32Exception or IOException)
        {
            StartFailure = new(SourceFailureKind.DecoderLost, $"the decoder process could not be started: {e.Message}");
        }
    }

    internal int Id { get; }

    internal SourceFailure? StartFailure { get; }

    internal void Kill()
    {
        try
        {
            _process?.Kill(); // SIGKILL
        }
        catch (InvalidOperationException)
        {
            // It has ended by itself.
        }
    }

    /// <summary>In words how it ended. Afterwards no such process exists, not even as a zombie.</summary>
    internal string KillAndReap()
    {
        if (_process is null)
            return "not started";
        Kill();
        _process.WaitForExit();
        var code = _process.ExitCode; // .NET reports death by signal n as 128 + n.
        _process.Dispose();
        _runQueue?.Dispose();
        return code > 128 ? $"signal {code - 128}" : $"exit code {code}";
    }

    internal bool Receive<T>(out T message, out SourceFailure? lost) where T : unmanaged
    {
        Unsafe.SkipInit(out message);
        return Receive(MemoryMarshal.AsBytes(new Span<T>(ref message)), out lost);
    }

    internal byte[]? ReceiveBytes(int length, out SourceFailure? lost)
    {
        lost = Nonsense;
        if (length is < 0 or > DecodeMessages.LongestText)
            return null;
        var bytes = new byte[length];
        return Receive(bytes, out lost) ? bytes : null;
    }

    /// <summary>Fills the buffer. False at the end of the pipe (<paramref name="lost"/> null) or after too long a silence.</summary>
    internal bool Receive(Span<byte> buffer, out SourceFailure? lost)
    {
        lost = null;
        while (!buffer.IsEmpty)
        {
            if (!WaitForSignOfLife())
            {
                lost = new(SourceFailureKind.DecoderLost, $"the decoder process gave no sign of life for {_silenceMilliseconds / 1000} s and was killed");
                return false;
            }
            var count = _pipe!.Read(buffer);
            if (count == 0)
                return false;
            buffer = buffer[count..];
        }
        return true;
    }

    /// <summary>False after too long a silence; what the process spent waiting for a processor does not count.</summary>
    private bool WaitForSignOfLife()
    {
        var excused = _runQueue!.WaitedMilliseconds;
        for (long patience = _silenceMilliseconds; patience > 0;)
        {
            if (LibC.WaitReadable(_pipe!.SafeFileHandle, (int)patience))
                return true;
            patience = _runQueue.WaitedMilliseconds - excused;
            excused += patience;
        }
        return false;
    }

    private static ProcessStartInfo StartInfo(IReadOnlyList<string> command)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var kept = Inherited.Where(info.Environment.ContainsKey).ToDictionary(name => name, name => info.Environment[name]);
        info.Environment.Clear();
        foreach (var (name, value) in kept)
            info.Environment[name] = value;
        info.Environment["DOTNET_gcServer"] = "0";
        info.Environment["DOTNET_gcConcurrent"] = "0";
        info.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000"; // 64 MiB: the loop allocates nothing, so a bug shows.
        info.Environment["DOTNET_TieredPGO"] = "0"; // Instrumented code costs more than it earns in a loop of native calls.
        return info;
    }

    private static nint PipeOf(Process process) => process.StandardOutput.BaseStream switch
    {
        System.IO.Pipes.PipeStream pipe => pipe.SafePipeHandle.DangerousGetHandle(),
        FileStream file => file.SafeFileHandle.DangerousGetHandle(),
        var other => throw new NotSupportedException($"standard output is a {other.GetType().Name}"),
    };
}
