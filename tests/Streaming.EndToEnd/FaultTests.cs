using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;

namespace Streaming.EndToEnd;

/// <summary>The short form of <c>bench faults</c>: what goes wrong comes right again, and nothing is lost or left over.</summary>
public sealed class FaultTests : IDisposable
{
    private static readonly string[] Faults = ["cut", "reset", "frozen", "half-open", "garbled", "slow", "thin"];

    private readonly Cli _cli = new();

    public FaultTests() => _cli.Variables["STREAMING_PERCEPTION"] = "off";

    [Fact]
    public async Task Serve_cameras_of_every_fault_come_back_and_leave_no_decoder_behind()
    {
        using var camera = new Camera();
        Relay[] relays = [.. Faults.Select(_ => new Relay(camera.Url))];
        await using ServedProgram server = await _cli.ServeAsync();
        foreach (var (fault, relay) in Faults.Zip(relays))
            await server.PostAsync("/v1/streams", new { name = fault, url = relay.Url, timeout_seconds = 5, decode = "intra" });
        await AllShowNewFramesAsync(server);
        // On a machine that is too busy cameras may have been lost and found before.
        int cut = ReconnectsOf(await server.GetAsync("/v1/streams/cut")), halfOpen = ReconnectsOf(await server.GetAsync("/v1/streams/half-open"));

        foreach (var (fault, relay) in Faults.Zip(relays))
            Inflict(fault, relay);
        foreach (string lost in (string[])["cut", "reset", "frozen"])
        {
            JsonElement stream = await server.UntilAsync($"/v1/streams/{lost}", s => s.GetProperty("state").GetString() == "retrying");
            Assert.NotEqual(JsonValueKind.Null, stream.GetProperty("failure").ValueKind);
        }
        await server.UntilAsync("/v1/streams/half-open", s => ReconnectsOf(s) > halfOpen);
        await server.UntilAsync("/v1/streams/garbled", s => s.GetProperty("state").GetString() != "running" || s.GetProperty("frames").GetProperty("unreadable").GetInt64() > 0);
        foreach (Relay relay in relays)
            relay.Mend();

        await AllShowNewFramesAsync(server);
        await Wait.UntilAsync(() => Task.FromResult(server.Children.Count == Faults.Length), () => $"there are {server.Children.Count} decoders for {Faults.Length} cameras");
        const string counted = "streaming_stream_reconnects_total{stream=\"cut\"} ";
        string line = Assert.Single((await server.Client.GetStringAsync("/metrics")).Split('\n'), line => line.StartsWith(counted, StringComparison.Ordinal));
        Assert.InRange(int.Parse(line[counted.Length..], CultureInfo.InvariantCulture), cut + 1, ReconnectsOf(await server.GetAsync("/v1/streams/cut")));
        foreach (Relay relay in relays)
            await relay.DisposeAsync();
    }

    [Fact]
    public async Task Serve_decoders_and_a_camera_that_are_killed_or_frozen_come_back()
    {
        using var camera = new Camera();
        await using ServedProgram server = await _cli.ServeAsync();
        foreach (string name in (string[])["a", "b", "c"])
            await server.PostAsync("/v1/streams", new { name, url = camera.Url, timeout_seconds = 5 });
        await AllShowNewFramesAsync(server);
        foreach (int decoder in server.Children)
            Signals.KillNow(decoder);
        await AllShowNewFramesAsync(server);

        camera.Freeze();
        await server.UntilAsync("/v1/streams/a", s => s.GetProperty("state").GetString() == "retrying");
        camera.Thaw();
        await AllShowNewFramesAsync(server);
        camera.SwitchOff();
        await server.UntilAsync("/v1/streams/b", s => s.GetProperty("state").GetString() == "retrying");
        camera.SwitchOn();
        await AllShowNewFramesAsync(server);
        await Wait.UntilAsync(() => Task.FromResult(server.Children.Count == 3), () => $"there are {server.Children.Count} decoders for 3 cameras");
    }

    /// <summary>The short form of <c>soak</c>: what a reconnect leaves behind grows with reconnects, not with time.</summary>
    [Fact]
    public async Task Serve_reconnects_leave_no_handles_threads_or_children_behind()
    {
        const int streams = 4, warmUp = 2, rounds = 5;
        using var camera = new Camera();
        await using ServedProgram server = await _cli.ServeAsync();
        for (int i = 0; i < streams; i++)
            await server.PostAsync("/v1/streams", new { name = $"camera-{i}", url = camera.Url, decode = "intra" });
        var (handles, threads) = (0, 0);
        for (int round = 0; round < warmUp + rounds; round++)
        {
            await AllShowNewFramesAsync(server);
            await Wait.UntilAsync(() => Task.FromResult(server.Children.Count == streams), () => $"there are {server.Children.Count} decoders for {streams} cameras");
            if (round == warmUp)
                (handles, threads) = (ProcessTable.Handles(server.ProcessId), ProcessTable.Threads(server.ProcessId));
            foreach (int decoder in server.Children)
                Signals.KillNow(decoder);
        }
        await AllShowNewFramesAsync(server);
        // One a reconnect would be twice as many as this, and would stay; the runtime's own come and go.
        const int most = streams * rounds / 2;
        await Wait.UntilAsync(
            () => Task.FromResult(ProcessTable.Handles(server.ProcessId) <= handles + most && ProcessTable.Threads(server.ProcessId) <= threads + most),
            () => $"{ProcessTable.Handles(server.ProcessId)} handles and {ProcessTable.Threads(server.ProcessId)} threads; before, there were {handles} and {threads}");
        Assert.InRange(handles, 1, int.MaxValue);
        Assert.InRange(threads, 1, int.MaxValue);
    }

    [Fact]
    public async Task Serve_killed_at_random_moments_loses_nothing_acknowledged_and_leaves_nothing_running()
    {
        using var camera = new Camera();
        byte[] film = await File.ReadAllBytesAsync(await _cli.FilmAsync());
        await using var trial = new KillTrial(_cli.ServeAsync, camera.Url, film, new Random(10));
        for (int kill = 0; kill < 3; kill++)
        {
            KillOutcome outcome = await trial.RunAsync(longest: TimeSpan.FromSeconds(1));
            Assert.Empty(outcome.Missing);
            Assert.Equal(0, outcome.Left);
            Assert.True(outcome.Acknowledged > 0);
        }
    }

    [Fact]
    public async Task Serve_sub_stream_that_is_not_there_is_replaced_by_the_main_stream()
    {
        using var camera = new Camera();
        await using ServedProgram server = await _cli.ServeAsync();
        await server.PostAsync("/v1/streams", new { name = "gate", url = camera.Url, sub_url = camera.Url.Replace("/cam", "/sub") });
        JsonElement stream = await server.UntilAsync("/v1/streams/gate", s => s.GetProperty("state").GetString() == "running");
        Assert.Contains(stream.GetProperty("notes").EnumerateArray(), note => note.GetString()!.Contains("sub_url does not work"));
    }

    [Fact]
    public async Task Serve_wrong_password_is_told_as_such()
    {
        using var camera = new Camera("--user", "guard", "--password", "s3cret");
        await using ServedProgram server = await _cli.ServeAsync();
        await server.PostAsync("/v1/streams", new { name = "gate", url = camera.Url.Replace("//", "//guard:gue55@") });
        JsonElement stream = await server.UntilAsync("/v1/streams/gate", s => s.GetProperty("state").GetString() == "failed");
        Assert.Equal("unauthorized", stream.GetProperty("failure").GetString());
    }

    [Fact]
    public async Task Serve_disk_that_fills_up_stops_writing_cleanly_and_goes_on_when_there_is_room()
    {
        using var camera = new Camera();
        _cli.Variables["STREAMING_DISK_RESERVE"] = "1M";
        await using var disk = await SmallDisk.ServeAsync(_cli.Serving(), _cli.DataFolder, megabytes: 24);
        ServedProgram server = disk.Server;
        await server.PostAsync("/v1/streams", new { name = "gate", url = camera.Url, sampling = 5 });
        await server.UntilAsync("/v1/streams/gate", s => s.GetProperty("durable_until").ValueKind == JsonValueKind.String);
        disk.Fill();
        JsonElement full = await server.UntilAsync("/v1/streams/gate", s => s.GetProperty("notes").EnumerateArray().Any(note => note.GetString()!.Contains("not durable")));
        Assert.Equal("running", full.GetProperty("state").GetString());
        await Wait.UntilAsync(async () =>
        {
            disk.Fill(); // Old pictures are given up for room now and then.
            using HttpResponseMessage told = await server.Client.PostAsJsonAsync("/v1/streams", new { name = "yard", url = camera.Url });
            if (told.IsSuccessStatusCode)
                (await server.Client.DeleteAsync("/v1/streams/yard")).Dispose();
            return (int)told.StatusCode == 507;
        }, () => "a full disk takes a stream");
        disk.Empty();
        await server.UntilAsync("/v1/streams/gate", s => s.GetProperty("notes").GetArrayLength() == 0
            && s.GetProperty("durable_until").GetDateTimeOffset() > full.GetProperty("durable_until").GetDateTimeOffset());
        await server.PostAsync("/v1/streams", new { name = "yard", url = camera.Url });
    }

    public void Dispose() => _cli.Dispose();

    private static void Inflict(string fault, Relay relay)
    {
        Action inflict = fault switch
        {
            "cut" => relay.Cut,
            "reset" => relay.Reset,
            "frozen" => relay.Freeze,
            "half-open" => relay.HalfOpen,
            "garbled" => relay.Garble,
            "slow" => () => relay.Delay(TimeSpan.FromMilliseconds(500)),
            _ => () => relay.Throttle(bytesPerSecond: 2000),
        };
        inflict();
    }

    private static int ReconnectsOf(JsonElement stream) => stream.GetProperty("reconnects").GetInt32();

    /// <summary>Of every stream, more frames come than had come by now.</summary>
    private static async Task AllShowNewFramesAsync(ServedProgram server)
    {
        Dictionary<string, long> before = Decoded(await server.GetAsync("/v1/streams"));
        await server.UntilAsync("/v1/streams", now => Decoded(now).All(stream => stream.Value > before[stream.Key]) && now.GetProperty("streams").EnumerateArray().All(s => s.GetProperty("state").GetString() == "running"));
    }

    private static Dictionary<string, long> Decoded(JsonElement streams) => streams.GetProperty("streams").EnumerateArray()
        .ToDictionary(stream => stream.GetProperty("name").GetString()!, stream => stream.GetProperty("frames").GetProperty("decoded").GetInt64());
}
