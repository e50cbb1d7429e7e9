using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Streaming.Video.Sandboxing;

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

    private const int LongestWords = 400;
    private const int ProcessorTimeSignal = 24; // SIGXCPU

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
            _pipe = Unbuffered(_process.StandardOutput);
            order.Write(_process.StandardInput.BaseStream);
        }
        catch (Win32Exception e)
        {
            StartFailure = new(SourceFailureKind.DecoderLost, $"the decoder process could not be started: {e.Message}");
        }
        catch (IOException)
        {
            // It died before it read its order: reading from it will tell.
        }
    }

    internal int Id { get; }

    internal SourceFailure? StartFailure { get; }

    /// <summary>Says one byte to a process that may be gone by now.</summary>
    internal void Say(byte wish)
    {
        try
        {
            Stream? input = _process?.StandardInput.BaseStream;
            input?.WriteByte(wish);
            input?.Flush();
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // It has ended.
        }
    }

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
        var words = LastWords();
        Close(_process);
        _runQueue?.Dispose();
        return WordOf(code) + (words.Length > 0 ? $": {words}" : "");
    }

    private static string WordOf(int code) => code switch
    {
        MemoryWatch.TooMuch => "it took more memory than it may",
        128 + ProcessorTimeSignal => "it took more processor time than it may",
        > 128 => $"signal {code - 128}",
        _ => $"exit code {code}",
    };

    /// <summary>Whoever has read from a process's streams has to close them, too: until then its pipes stay open.</summary>
    private static void Close(Process process)
    {
        process.StandardOutput.Dispose();
        process.StandardError.Dispose();
        try
        {
            process.StandardInput.Dispose();
        }
        catch (IOException)
        {
            // What was said last has nobody left to hear it.
        }
        process.Dispose();
    }

    /// <summary>The first line that it wrote to its error output, which is empty unless it crashed. Nobody else writes there, so this never waits.</summary>
    private string LastWords()
    {
        using var pipe = Unbuffered(_process!.StandardError);
        Span<byte> text = stackalloc byte[LongestWords];
        var length = LibC.WaitReadable(pipe.SafeFileHandle, 0) ? pipe.Read(text) : 0;
        return Encoding.UTF8.GetString(text[..length]).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).FirstOrDefault("");
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
            RedirectStandardError = true, // Inherited, it would let a crash write over the user's screen.
            UseShellExecute = false,
        };
        var kept = Inherited.Where(info.Environment.ContainsKey).ToDictionary(name => name, name => info.Environment[name]);
        info.Environment.Clear();
        foreach (var (name, value) in kept)
            info.Environment[name] = value;
        info.Environment["DOTNET_gcServer"] = "0";
        info.Environment["DOTNET_gcConcurrent"] = "0";
        info.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000"; // 64 MiB: the loop allocates nothing, so a bug shows.
        info.Environment["DOTNET_EnableDiagnostics"] = "0"; // No socket for debuggers, which the sandbox would not let it remove.
        info.Environment["DOTNET_TieredPGO"] = "0"; // Instrumented code costs more than it earns in a loop of native calls.
        return info;
    }

    private static FileStream Unbuffered(StreamReader reader) =>
        new(new SafeFileHandle(HandleOf(reader), ownsHandle: false), FileAccess.Read, bufferSize: 0);

    private static nint HandleOf(StreamReader reader) => reader.BaseStream switch
    {
        System.IO.Pipes.PipeStream pipe => pipe.SafePipeHandle.DangerousGetHandle(),
        FileStream file => file.SafeFileHandle.DangerousGetHandle(),
        var other => throw new NotSupportedException($"a process's output is a {other.GetType().Name}"),
    };
}
