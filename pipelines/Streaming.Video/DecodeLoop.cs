namespace Streaming.Video;

/// <summary>The decoder process: reads its order from standard input, writes messages to standard output, ends when its parent does.</summary>
public static class DecodeLoop
{
    /// <returns>The exit code: 0 if a report was sent, whatever it says.</returns>
    public static int Run() => throw new NotImplementedException();
}
