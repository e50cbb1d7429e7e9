using Microsoft.Win32.SafeHandles;
using Streaming.Video.FFmpeg;

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
            new Thread(() => ExitWithParent(input), 64 * 1024) { IsBackground = true }.Start();
            var output = new DecodeOutput(pipe);
            output.LifeSign(default);
            output.Send(Decode(order, output));
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

    private static DecodeReport Decode(DecodeOrder order, DecodeOutput output)
    {
        if (FFmpegLibraries.Problem is { } problem)
            return SourceDecode.Failed(problem);
        LibC.LimitMemory(order.Limits.MemoryBytes);
        using var decode = new SourceDecode(order, output);
        return decode.Run();
    }

    /// <summary>The parent holds the other end of standard input open as long as it lives and sends nothing more.</summary>
    private static void ExitWithParent(Stream input)
    {
        try
        {
            while (input.ReadByte() >= 0)
            {
            }
        }
        finally
        {
            LibC.Exit(Orphaned);
        }
    }
}
