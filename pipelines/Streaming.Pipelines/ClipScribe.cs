using System.Threading.Channels;
using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Models;
using Streaming.Perception;

namespace Streaming.Pipelines;

/// <summary>
/// Notes what the model says happened in each clip of a memory that is closed. It is the last in the line in front of the device: while
/// others keep it waiting, the oldest clips that wait are left out, and counted.
/// </summary>
public sealed class ClipScribe : IAsyncDisposable
{
    /// <summary>What the model is asked about a clip, in words that the shipped one knows and others understand.</summary>
    public const string Asked = "What happened?";

    /// <summary>Most clips that wait: about a minute of a scene in which much happens.</summary>
    public const int MostWaiting = 4;

    /// <summary>How sure a model's words are, in per cent: perception's count as sure from <see cref="NoteSheet.SureFrom"/> on.</summary>
    private const int Sure = 60;

    private readonly Answering _answering;
    private readonly Action<IReadOnlyList<Note>> _write;
    private readonly CancellationTokenSource _closing = new();
    private readonly Channel<(MemoryClip Clip, MemorySnapshot Memory)> _clips;
    private readonly Task _writing;
    private long _written, _skipped;

    /// <param name="write">Takes the notes of one clip; called by one thread at a time.</param>
    public ClipScribe(Answering answering, Action<IReadOnlyList<Note>> write)
    {
        (_answering, _write) = (answering, write);
        _clips = Channel.CreateBounded<(MemoryClip, MemorySnapshot)>(
            new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true }, _ => Interlocked.Increment(ref _skipped));
        _writing = Task.Run(WriteAsync, CancellationToken.None);
    }

    /// <summary>Clips that were written about, and that were left out.</summary>
    public (long Written, long Skipped) Account => (Interlocked.Read(ref _written), Interlocked.Read(ref _skipped));

    /// <summary>Takes a clip that is closed. Never waits.</summary>
    /// <param name="memory">As of its end or later.</param>
    public void Offer(MemoryClip clip, MemorySnapshot memory) => _clips.Writer.TryWrite((clip, memory));

    public async ValueTask DisposeAsync()
    {
        _clips.Writer.TryComplete();
        await _closing.CancelAsync().ConfigureAwait(false);
        await _writing.ConfigureAwait(false);
        _closing.Dispose();
    }

    private async Task WriteAsync()
    {
        await foreach (var (clip, memory) in _clips.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
        {
            try
            {
                var question = new Question(Asked, clip.From, clip.To, Turn: InferenceClass.Note);
                Answer answer = await _answering.AskAsync(question, memory, clip.To, 0, cancellation: _closing.Token).ConfigureAwait(false);
                _write([.. Facts(answer).Select(fact => new Note(clip.From, clip.To, NoteSource.Model, Sure, fact))]);
                Interlocked.Increment(ref _written);
            }
            catch (Exception e) when (e is InferenceException or PromptTooLongException or OperationCanceledException)
            {
                Interlocked.Increment(ref _skipped);
            }
        }
    }

    /// <summary>One for each event of a list, so that each is found by its own words; none where the model saw nothing.</summary>
    private static IEnumerable<Fact> Facts(Answer answer) => answer.Model is null
        ? []
        : answer.Text.Split(", ", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(words => words.TrimEnd('.'))
            .Where(words => words is not ("nothing happened" or "cannot tell") && words.Any(char.IsLetter)).Select(words => new Fact(FactKind.Say, detail: words));
}
