using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>The one line in front of the text reader: one picture at a time. Each stream waits for its own before it sends the next.</summary>
/// <param name="reader">Disposed with this, when nobody waits any more.</param>
public sealed class ReadingLine(ITextReader reader) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>The lines of text in a frame, which must live until then.</summary>
    public async Task<IReadOnlyList<TextLine>> ReadAsync(Frame frame)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(() => reader.Read(frame.Rgb, frame.Width, frame.Height)).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        _turn.Dispose();
    }
}
