using Microsoft.Win32.SafeHandles;
using Streaming.Video.FFmpeg;
using Streaming.Video.Sandboxing;

namespace Streaming.Video;

/// <summary>The decoder process: reads its order from standard input, writes messages to standard output, ends when its parent does.</summary>
public static class DecodeLoop
{
    private const int Orphaned = 3;
    private const int Misused = 2;

    /// <returns>The exit code: 0 if a report was sent, whatever it says.</returns>
    public static int Run()
    {
        using var input = Console.OpenStandardInput();
        using var pipe = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        try
        {
            var order = DecodeOrder.Read(input);
            var wish = new DecodeWish();
            new Thread(() => FollowParent(input, wish), 64 * 1024) { IsBackground = true }.Start();
            var output = new DecodeOutput(pipe);
            output.LifeSign(default);
            output.Send(Decode(order, wish, output));
            return 0;
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException)
        {
            Console.Error.WriteLine("decode reads its order from the process that starts it; it is not for people");
            return Misused;
        }
        catch (IOException)
        {
            return Orphaned; // The pipe is closed: nobody is left to tell.
        }
    }

    private static DecodeReport Decode(DecodeOrder order, DecodeWish wish, DecodeOutput output)
    {
        if (FFmpegLibraries.Problem is { } problem)
            return SourceDecode.Failed(problem);
        if (Open(order.Source, out var file) is { } unopened)
            return SourceDecode.Failed(unopened);
        using (file)
        {
            MemoryWatch.Start(order.Limits.MemoryBytes);
            _ = RunQueue.Own.Clock; // What it reads has to be open by now.
            Sandbox.Enter(order.Source.IsLive, order.Limits);
            using var decode = new SourceDecode(order, file, wish, output);
            return decode.Run();
        }
    }

    /// <summary>Opens the one file that this process will read.</summary>
    private static SourceFailure? Open(VideoSource source, out SafeFileHandle? file)
    {
        file = null;
        if (source is not FileSource film)
            return null;
        if (film.Examine() is { } problem)
            return problem;
        try
        {
            file = File.OpenHandle(film.Path);
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new(SourceFailureKind.Unreachable, $"the file cannot be opened: {e.Message}");
        }
    }

    /// <summary>The parent holds the other end of standard input open as long as it lives; what it sends after the order are wishes.</summary>
    private static void FollowParent(Stream input, DecodeWish wish)
    {
        try
        {
            while (input.ReadByte() is >= 0 and var said)
                wish.IntraOnly = said == DecodeWish.OnlyIntra;
        }
        finally
        {
            LibC.Exit(Orphaned);
        }
    }
}

/// <summary>What the parent wants of a running decode beyond its order. Written by one thread, read by another.</summary>
internal sealed class DecodeWish
{
    /// <summary>The bytes by which the parent says it.</summary>
    internal const byte AllFrames = (byte)'a', OnlyIntra = (byte)'i';

    private volatile bool _intraOnly;

    internal bool IntraOnly
    {
        get => _intraOnly;
        set => _intraOnly = value;
    }
}
