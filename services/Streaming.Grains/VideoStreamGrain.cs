using Orleans.Runtime;
using Streaming.Contracts;
using Streaming.Grains.Placement;

namespace Streaming.Grains;

/// <inheritdoc cref="IVideoStreamGrain"/>
[FreeSlotPlacement]
[Orleans.Concurrency.Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed partial class VideoStreamGrain(IStreamHost host) : Grain, IVideoStreamGrain
{
    private Task<Problem?>? _opening;
    private bool _hasLeft;

    private string Name => this.GetPrimaryKeyString();

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation) => host.CloseAsync(Name);

    public async Task RunAsync() => GoUnlessDeclared(await OpenAsync());

    public async Task LeaveAsync()
    {
        _hasLeft = true;
        await host.CloseAsync(Name);
        DeactivateOnIdle();
    }

    public async Task<Outcome<StreamDocument>> AddAsync(StreamRequest request, CancellationToken cancellation)
    {
        await OpenAsync();
        Outcome<StreamDocument> added = await host.Here.AddStreamAsync(request, cancellation);
        // It runs now: this makes known where.
        _opening = null;
        GoUnlessDeclared(await OpenAsync());
        return added;
    }

    public Task<Outcome<StreamDocument>> FindAsync(CancellationToken cancellation) => OnAsync(here => here.StreamAsync(Name, cancellation));

    public Task<Outcome<StreamDocument>> ChangeAsync(StreamPatch patch, CancellationToken cancellation) => OnAsync(here => here.ChangeStreamAsync(Name, patch, cancellation));

    public async Task<Outcome<StreamDocument>> RemoveAsync(CancellationToken cancellation)
    {
        Outcome<StreamDocument> removed = await OnAsync(here => here.RemoveStreamAsync(Name, cancellation));
        if (removed.Problem is null)
            DeactivateOnIdle();
        return removed;
    }

    public Task<Outcome<byte[]>> LivePictureAsync(CancellationToken cancellation) => OnAsync(here => here.LivePictureAsync(Name, cancellation));

    private async Task<Outcome<T>> OnAsync<T>(Func<IStreamDirectory, Task<Outcome<T>>> call)
        where T : class =>
        GoUnlessDeclared(await OpenAsync()) is { } problem ? problem : await call(host.Here);

    /// <summary>A stream that is not declared takes no room.</summary>
    private Problem? GoUnlessDeclared(Problem? problem)
    {
        if (problem is { Kind: ProblemKind.NotFound })
            DeactivateOnIdle();
        return problem;
    }

    /// <summary>One opening for all who wait; one that failed is tried again by the next call.</summary>
    /// <exception cref="SiloUnavailableException">It has left this machine; whoever called finds it elsewhere.</exception>
    private async Task<Problem?> OpenAsync()
    {
        if (_hasLeft)
            throw new SiloUnavailableException($"stream {Name} is on its way to another machine");
        Task<Problem?> opening = _opening ??= host.OpenAsync(Name);
        Problem? problem = await opening;
        if (problem is not null && _opening == opening)
            _opening = null;
        return problem;
    }
}
