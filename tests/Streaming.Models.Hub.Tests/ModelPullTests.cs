using Streaming.Models.Hub.Pulling;

namespace Streaming.Models.Hub.Tests;

/// <summary>Pulling from a server on this machine that speaks the hub's HTTP.</summary>
public sealed class ModelPullTests : IDisposable
{
    private const int Part = 1000, Large = 10_500;
    private readonly LocalHub _hub = new();
    private readonly string _root = Directory.CreateTempSubdirectory("pull-").FullName;
    private readonly List<TimeSpan> _waits = [];
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public ModelPullTests()
    {
        foreach (string name in (string[])["config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json", "README.md"])
            _hub.Add(name, Bytes(name.Length * 3, 1), isLarge: false);
        _hub.Add("onnx/vision_encoder.onnx", Bytes(700, 2), isLarge: true);
        _hub.Add("onnx/embed_tokens.onnx", Bytes(0, 3), isLarge: false);
        _hub.Add("onnx/decoder_model_merged_q4.onnx", Bytes(Large, 4), isLarge: true);
        _hub.Add("onnx/decoder_model_merged.onnx", Bytes(99, 5), isLarge: true);
    }

    private string Folder => Path.Combine(_root, "model");

    private string Decoder => Path.Combine(Folder, "onnx", "decoder_model_merged_q4.onnx");

    public void Dispose()
    {
        _http.Dispose();
        _hub.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Fact]
    public async Task Run_brings_every_file_of_the_plan_and_nothing_else()
    {
        var told = new List<long>();
        await PullAsync(progress: bytes => Locked(told, bytes));
        string[] files = [.. Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(Folder, path)).Order(StringComparer.Ordinal)];
        Assert.Equal(
            ["README.md", "config.json", "onnx/decoder_model_merged_q4.onnx", "onnx/embed_tokens.onnx", "onnx/vision_encoder.onnx", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"],
            files);
        Assert.Equal(Bytes(Large, 4), File.ReadAllBytes(Decoder));
        Assert.Empty(File.ReadAllBytes(Path.Combine(Folder, "onnx", "embed_tokens.onnx")));
        Assert.Equal(files.Sum(file => new FileInfo(Path.Combine(Folder, file)).Length), told.Max());
        Assert.Equal(["model"], Directory.EnumerateFileSystemEntries(_root).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Run_asks_for_large_files_in_parts_and_shows_its_token_to_the_hub_alone()
    {
        await PullAsync();
        Assert.Equal(
            Enumerable.Range(0, 11).Select(part => ((long?)(part * Part), (long?)Math.Min((part * Part) + Part - 1, Large - 1))),
            _hub.PartsAsked.Where(request => request.Path.Contains("decoder", StringComparison.Ordinal)).Select(request => (request.From, request.To)).Order());
        Assert.All(_hub.Requests, request => Assert.Equal(request.Server == "hub" ? "Bearer secret" : null, request.Authorization));
    }

    [Fact]
    public async Task Run_after_connections_that_are_cut_goes_on_where_each_stood()
    {
        for (int i = 0; i < 5; i++)
            _hub.StoreFaults.Enqueue(new Fault(0, CutAfter: 300));
        await PullAsync(atOnce: 1);
        Assert.Equal(Bytes(Large, 4), File.ReadAllBytes(Decoder));
        Assert.Contains(_hub.PartsAsked, request => request is { From: 300, To: 999 or 699 });
        Assert.Contains(_hub.PartsAsked, request => request is { From: 600 });
        Assert.All(_waits, wait => Assert.Equal(TimeSpan.FromSeconds(1), wait)); // each try had brought something
    }

    [Fact]
    public async Task Run_against_a_busy_hub_waits_as_long_as_it_asks_for()
    {
        _hub.HubFaults.Enqueue(new Fault(429, Headers: "Retry-After: 7\r\n"));
        _hub.HubFaults.Enqueue(new Fault(503, Headers: "Date: Sat, 21 Nov 2026 10:00:00 GMT\r\nRetry-After: Sat, 21 Nov 2026 10:00:09 GMT\r\n"));
        _hub.HubFaults.Enqueue(new Fault(500));
        await PullAsync();
        Assert.Equal([7, 9, 4], _waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Fact]
    public async Task Run_against_a_hub_that_stays_busy_gives_up()
    {
        for (int i = 0; i < 20; i++)
            _hub.HubFaults.Enqueue(new Fault(503));
        string message = (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message;
        Assert.Contains("503", message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 4, 8, 16], _waits.Select(wait => (int)wait.TotalSeconds));
    }

    [Fact]
    public async Task Run_against_a_hub_that_asks_for_hours_gives_up_at_once()
    {
        _hub.HubFaults.Enqueue(new Fault(429, Headers: "Retry-After: 7200\r\n"));
        await Assert.ThrowsAsync<HubException>(() => PullAsync());
        Assert.Empty(_waits);
    }

    [Theory]
    [InlineData(401, "HF_TOKEN")]
    [InlineData(403, "HF_TOKEN")]
    [InlineData(404, "no such model")]
    [InlineData(418, "418")]
    public async Task Run_that_is_refused_says_why(int status, string words)
    {
        _hub.HubFaults.Enqueue(new Fault(status));
        Assert.Contains(words, (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_after_an_interrupted_one_asks_only_for_what_is_missing()
    {
        for (int i = 0; i < 4; i++)
            _hub.StoreFaults.Enqueue(new Fault(0, CutAfter: int.MaxValue));
        _hub.StoreFaults.Enqueue(new Fault(410));
        await Assert.ThrowsAsync<HubException>(() => PullAsync(atOnce: 1));
        Assert.False(Directory.Exists(Folder));
        var first = _hub.PartsAsked.Select(request => (request.Path, request.From)).SkipLast(1).ToHashSet();
        _hub.Requests.Clear();
        long start = -1;
        await PullAsync(atOnce: 1, progress: bytes => start = start < 0 ? bytes : start);
        Assert.Equal(4, first.Count);
        Assert.Empty(_hub.PartsAsked.Select(request => (request.Path, request.From)).Intersect(first));
        Assert.True(start >= 3 * Part);
        Assert.Equal(Bytes(Large, 4), File.ReadAllBytes(Decoder));
    }

    [Fact]
    public async Task Run_after_parts_of_another_version_takes_none_of_them()
    {
        _hub.StoreFaults.Enqueue(new Fault(0, CutAfter: int.MaxValue));
        _hub.StoreFaults.Enqueue(new Fault(0, CutAfter: int.MaxValue));
        _hub.StoreFaults.Enqueue(new Fault(410));
        await Assert.ThrowsAsync<HubException>(() => PullAsync(atOnce: 1));
        _hub.Add("onnx/decoder_model_merged_q4.onnx", Bytes(Large, 8), isLarge: true);
        await PullAsync();
        Assert.Equal(Bytes(Large, 8), File.ReadAllBytes(Decoder));
    }

    [Fact]
    public async Task Run_of_a_file_other_than_its_hash_throws_it_away()
    {
        byte[] right = Bytes(Large, 4), wrong = [.. right];
        wrong[5000] ^= 1;
        _hub.Add("onnx/decoder_model_merged_q4.onnx", right, isLarge: true, served: wrong);
        string message = (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message;
        Assert.Contains("decoder_model_merged_q4.onnx", message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Folder));
        _hub.Add("onnx/decoder_model_merged_q4.onnx", right, isLarge: true);
        _hub.Requests.Clear();
        await PullAsync();
        Assert.Equal(right, File.ReadAllBytes(Decoder));
        Assert.DoesNotContain(_hub.PartsAsked, request => request.Path.Contains("vision", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Run_without_room_on_the_disk_asks_for_no_file()
    {
        await Assert.ThrowsAsync<IOException>(() => PullAsync(free: Large));
        Assert.Single(_hub.Requests); // what there is
    }

    [Fact]
    public async Task Run_against_a_server_without_parts_says_so()
    {
        _hub.GivesParts = false;
        string message = (await Assert.ThrowsAsync<HubException>(() => PullAsync())).Message;
        Assert.Contains("parts", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_that_is_cancelled_leaves_what_it_brought()
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => PullAsync(atOnce: 1, progress: bytes => { if (bytes > 5000) cancel.Cancel(); }, cancellation: cancel.Token));
        _hub.Requests.Clear();
        await PullAsync();
        Assert.DoesNotContain(_hub.PartsAsked, request => request.Path.Contains("vision", StringComparison.Ordinal));
        Assert.Equal(Bytes(Large, 4), File.ReadAllBytes(Decoder));
    }

    private async Task PullAsync(int atOnce = 4, Action<long>? progress = null, long free = long.MaxValue, CancellationToken cancellation = default)
    {
        var client = new HubClient(_http, _hub.Address, "secret", (wait, _) =>
        {
            Locked(_waits, wait);
            return Task.CompletedTask;
        });
        HubRepository repository = await client.FindAsync("someone/model", "main", cancellation);
        Assert.Equal(("apache-2.0", LocalHub.Commit), (repository.Licence, repository.Commit));
        await new ModelPull(client) { Part = Part, AtOnce = atOnce, FreeBytes = _ => free }.RunAsync(PullPlan.Of(repository, "q4"), Folder, progress, cancellation);
    }

    private static void Locked<T>(List<T> list, T item)
    {
        lock (list)
            list.Add(item);
    }

    private static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
