using System.Runtime.CompilerServices;
using Streaming.Contracts;

namespace Streaming.Grains;

internal sealed partial class VideoStreamGrain : IMemoryGrain
{
    public async IAsyncEnumerable<AnswerPiece> AskAsync(AskRequest request, [EnumeratorCancellation] CancellationToken cancellation)
    {
        if (await OpenAsync() is { } problem)
        {
            GoUnlessDeclared(problem);
            yield return new AnswerPiece(Problem: problem);
            yield break;
        }
        await foreach (AnswerPiece piece in host.Here.AskAsync(request, cancellation))
            yield return piece;
    }

    public Task<Outcome<MemoryDocument>> MemoryAsync(CancellationToken cancellation) => OnAsync(here => here.MemoryAsync(SourceName.Stream(Name), cancellation));

    public Task<Outcome<KeyframeList>> KeyframesAsync(int from, int most, CancellationToken cancellation) =>
        OnAsync(here => here.KeyframesAsync(SourceName.Stream(Name), from, most, cancellation));

    public Task<Outcome<EventList>> EventsAsync(EventQuery query, CancellationToken cancellation) => OnAsync(here => here.EventsAsync(Name, query, cancellation));

    public Task<Outcome<CountTable>> CountsAsync(CountQuery query, CancellationToken cancellation) => OnAsync(here => here.CountsAsync(Name, query, cancellation));

    public Task<Outcome<HeatDocument>> HeatAsync(CancellationToken cancellation) => OnAsync(here => here.HeatAsync(Name, cancellation));
}
