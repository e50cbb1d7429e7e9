using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>What one stream remembers, by its name, on the machine that runs it: it is compressed, recalled and answered from next to the data.</summary>
public interface IMemoryGrain : IGrainWithStringKey
{
    /// <summary>Answers a question about this stream alone.</summary>
    IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, CancellationToken cancellation);

    Task<Outcome<MemoryDocument>> MemoryAsync(CancellationToken cancellation);

    Task<Outcome<KeyframeList>> KeyframesAsync(int from, int most, CancellationToken cancellation);

    Task<Outcome<EventList>> EventsAsync(EventQuery query, CancellationToken cancellation);

    Task<Outcome<CountTable>> CountsAsync(CountQuery query, CancellationToken cancellation);

    Task<Outcome<HeatDocument>> HeatAsync(CancellationToken cancellation);
}
