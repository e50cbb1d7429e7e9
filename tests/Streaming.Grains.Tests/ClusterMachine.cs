using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Pipelines.Tests;
using Streaming.Server;
using Streaming.Server.Clustering;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Grains.Tests;

/// <summary>One machine of a cluster in this process, made as the server makes it: real Orleans, Redis, decoders and folder, and a scripted model.</summary>
internal sealed class ClusterMachine : IAsyncDisposable
{
    private readonly LocalDirectory _local;
    private readonly ICluster _cluster;
    private bool _hasLeft;

    private ClusterMachine(LocalDirectory local, ICluster cluster, IStreamDirectory directory) => (_local, _cluster, Directory) = (local, cluster, directory);

    /// <summary>The cluster, asked on this machine.</summary>
    public IStreamDirectory Directory { get; }

    /// <summary>The conversations of the cluster, asked on this machine.</summary>
    public IConversations Conversations => _cluster.Link.Conversations;

    /// <summary>The streams that this machine runs.</summary>
    public IReadOnlyList<string> Running => _local.Running;

    /// <param name="folder">The data folder of the cluster.</param>
    public static async Task<ClusterMachine> JoinAsync(string folder, RedisAddress redis, string name, int slots = 16)
    {
        var settings = new ClusterSettings("test", new IPEndPoint(IPAddress.Loopback, Ports.Free()), name);
        ICluster cluster = Membership.Prepare(settings);
        LocalDirectory local = await LocalDirectory.OpenAsync(
            new Settings { DataFolder = folder, Redis = redis, Streams = slots, Cluster = settings },
            new VideoModel(ScriptedModel.Manifest, new MeanColourEncoder(), MeanColourEncoder.Preprocessor, new ScriptedModel("yes"), () => "digest", new AnsweringOptions(), new InferenceQueue()),
            new LocalDirectoryOptions
            {
                Decoder = new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")], Limits = new DecodeLimits { ReadTimeout = TimeSpan.FromSeconds(20), StallTimeout = TimeSpan.FromSeconds(30) } },
                Backoff = new Backoff(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)),
                Cluster = cluster.Link,
            });
        return new ClusterMachine(local, cluster, await cluster.JoinAsync(local, redis, NullLoggerFactory.Instance, default));
    }

    /// <summary>Leaves as a server that is told to stop does.</summary>
    public async Task LeaveAsync()
    {
        await _cluster.DrainAsync(default);
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_hasLeft)
            return;
        _hasLeft = true;
        await _cluster.DisposeAsync();
        await _local.DisposeAsync();
    }

    public Task<StreamDocument> UntilAsync(string stream, Func<StreamDocument, bool> isSo) => UntilAsync(async () => (await Directory.StreamAsync(stream, default)).Value!, isSo);

    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Func<T, bool> isSo)
    {
        T seen = default!;
        await Wait.UntilAsync(async () => (seen = await look()) is { } there && isSo(there), () => $"It never became as expected; the last was {System.Text.Json.JsonSerializer.Serialize(seen)}");
        return seen;
    }

    /// <summary>The last piece, which has the answer or the problem.</summary>
    public async Task<AnswerPiece> AskAsync(AskRequest request)
    {
        AnswerPiece last = new();
        await foreach (AnswerPiece piece in Directory.AskAsync(request, default))
            last = piece;
        return last;
    }
}
