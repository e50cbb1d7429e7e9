namespace Streaming.Contracts;

/// <summary>The watches of all streams and their events. Every method is safe to call from any thread at any time.</summary>
public interface IWatchDirectory
{
    Task<Outcome<WatchDocument>> AddAsync(string stream, WatchRequest request, CancellationToken cancellation);

    /// <summary>The watches of a stream in order of name.</summary>
    Task<Outcome<WatchList>> AllAsync(string stream, CancellationToken cancellation);

    Task<Outcome<WatchDocument>> FindAsync(string stream, string watch, CancellationToken cancellation);

    Task<Outcome<WatchDocument>> ChangeAsync(string stream, string watch, WatchPatch patch, CancellationToken cancellation);

    /// <summary>Its events stay. The answer is the watch as it was.</summary>
    Task<Outcome<WatchDocument>> RemoveAsync(string stream, string watch, CancellationToken cancellation);

    /// <summary>Asks as the watch would have asked over the last hour that memory holds. Nothing is stored or sent.</summary>
    Task<Outcome<BacktestDocument>> BacktestAsync(string stream, WatchRequest request, CancellationToken cancellation);

    Task<AlertList> EventsAsync(AlertQuery query, CancellationToken cancellation);

    Task<Outcome<AlertDocument>> EventAsync(string id, CancellationToken cancellation);

    Task<Outcome<AlertDocument>> AcknowledgeAsync(string id, Acknowledgement acknowledgement, CancellationToken cancellation);

    /// <summary>Sends the event to its watch's webhook once more, from the first try on.</summary>
    Task<Outcome<AlertDocument>> RedeliverAsync(string id, CancellationToken cancellation);

    /// <summary>The JPEG of the newest keyframe that the event rests on.</summary>
    Task<Outcome<byte[]>> PictureAsync(string id, CancellationToken cancellation);

    /// <summary>The events as they come, each once and in order of their ids, beginning after <see cref="AlertQuery.After"/>; without it, with the next one after this call. Ends only when cancelled.</summary>
    IAsyncEnumerable<AlertDocument> FollowAsync(AlertQuery query, CancellationToken cancellation);
}
