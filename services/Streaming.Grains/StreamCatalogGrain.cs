using Orleans.Runtime;
using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>
/// All streams of the cluster; there is one of it. Which they are lies in the shared folder, so that it holds nothing that could differ from
/// it. It sees to it that they all run: when a machine came or went, and by a reminder where nobody tells it.
/// </summary>
public interface IStreamCatalogGrain : IGrainWithIntegerKey
{
    /// <summary>Has every stream run that shall, and the films and conversations have a machine; returns when all were tried.</summary>
    [ResponseTimeout("00:02:00")]
    Task ReviveAsync();
}

/// <inheritdoc cref="IStreamCatalogGrain"/>
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class StreamCatalogGrain(IStreamHost host, IGrainFactory grains) : Grain, IStreamCatalogGrain, IRemindable
{
    private const string Reminder = "revive";

    /// <summary>As short as reminders may be.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    /// <summary>Opening a stream reads its memory, up to 13 MiB, and starts a decoder: more at once would only wait for each other.</summary>
    private const int AtOnce = 16;

    public override async Task OnActivateAsync(CancellationToken cancellation) => await this.RegisterOrUpdateReminder(Reminder, Period, Period);

    public async Task ReviveAsync()
    {
        using var turns = new SemaphoreSlim(AtOnce);
        IEnumerable<Task> streams = host.Declared.Select(name => TryAsync(() => grains.GetGrain<IVideoStreamGrain>(name).RunAsync(), turns));
        await Task.WhenAll(
            [TryAsync(() => grains.GetGrain<IFileLibraryGrain>(0).RunAsync(), turns), TryAsync(() => grains.GetGrain<IConversationGrain>(0).RunAsync(), turns), .. streams]);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => ReviveAsync();

    /// <summary>What cannot run now is tried again at the next turn.</summary>
    private static async Task TryAsync(Func<Task> run, SemaphoreSlim turns)
    {
        await turns.WaitAsync();
        try
        {
            await run();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException)
        {
        }
        finally
        {
            turns.Release();
        }
    }
}
