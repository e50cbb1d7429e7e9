using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>
/// One stream, by its name, wherever it runs: there is one of it in the cluster, and it has the stream's supervisor, memory, notes and
/// watches on its machine. What a caller may ask is what <see cref="IStreamDirectory"/> and <see cref="IWatchDirectory"/> let ask of one
/// stream. There is no grain of its own for memory or for a watch: both live with the stream, and such a grain would only pass calls on.
/// </summary>
public interface IVideoStreamGrain : IGrainWithStringKey
{
    /// <summary>Runs the stream, if it is declared and does not run; returns once it is open.</summary>
    Task RunAsync();

    /// <summary>Lets go of the stream, once what it saw is durable, so that the next call has it run on another machine.</summary>
    Task LeaveAsync();

    Task<Outcome<StreamDocument>> AddAsync(StreamRequest request, CancellationToken cancellation);

    Task<Outcome<StreamDocument>> FindAsync(CancellationToken cancellation);

    Task<Outcome<StreamDocument>> ChangeAsync(StreamPatch patch, CancellationToken cancellation);

    Task<Outcome<StreamDocument>> RemoveAsync(CancellationToken cancellation);

    /// <summary>Answers a question about this stream alone.</summary>
    IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation);

    Task<Outcome<KeyframeList>> KeyframesAsync(int from, int most, CancellationToken cancellation);

    Task<Outcome<EventList>> EventsAsync(EventQuery query, CancellationToken cancellation);

    Task<Outcome<CountTable>> CountsAsync(CountQuery query, CancellationToken cancellation);

    Task<Outcome<HeatDocument>> HeatAsync(CancellationToken cancellation);

    /// <summary>The newest picture as a JPEG, for a person who asked for it: no other picture leaves its machine by a grain.</summary>
    Task<Outcome<byte[]>> LivePictureAsync(CancellationToken cancellation);

    Task<Outcome<MemoryDocument>> MemoryAsync(CancellationToken cancellation);

    Task<Outcome<WatchDocument>> AddWatchAsync(WatchRequest request, CancellationToken cancellation);

    Task<Outcome<WatchList>> WatchesAsync(CancellationToken cancellation);

    Task<Outcome<WatchDocument>> WatchAsync(string watch, CancellationToken cancellation);

    Task<Outcome<WatchDocument>> ChangeWatchAsync(string watch, WatchPatch patch, CancellationToken cancellation);

    Task<Outcome<WatchDocument>> RemoveWatchAsync(string watch, CancellationToken cancellation);

    /// <summary>Takes half a minute at most, besides the wait for the model.</summary>
    [ResponseTimeout("00:02:00")]
    Task<Outcome<BacktestDocument>> BacktestAsync(WatchRequest request, CancellationToken cancellation);
}
