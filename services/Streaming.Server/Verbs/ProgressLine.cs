using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary>One line on a terminal that says how far reading has come. Says nothing into a pipe or a file.</summary>
internal sealed class ProgressLine : IVideoStreamObserver, IDisposable
{
    // Ten changes a second are as fast as one can read, and cost nothing.
    private const int MillisecondsBetween = 100;

    private readonly bool _isTerminal = !Console.IsErrorRedirected;
    private long _shown = long.MinValue / 2;
    private int _kept;

    public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress) => Interlocked.Increment(ref _kept);

    public void Kept(MemoryEntry entry, DecodeProgress progress)
    {
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts)
    {
        long now = Environment.TickCount64;
        if (!_isTerminal || now - _shown < MillisecondsBetween)
            return;
        _shown = now;
        string end = facts?.Duration is { } duration ? $" of {AnswerText.Clock(duration)}" : "";
        Console.Error.Write($"\r  reading {AnswerText.Clock(progress.Time)}{end}, {_kept} keyframes \e[K");
    }

    public void Dispose()
    {
        if (_isTerminal && _shown > 0)
            Console.Error.Write("\r\e[K");
    }
}
