using System.Diagnostics;
using System.Text.Json;
using Streaming.Server.Tests.Store;

namespace Streaming.EndToEnd;

/// <summary>A server whose Redis is killed, frozen and filled while it watches a camera.</summary>
public sealed class RedisFaultTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Serve_redis_that_is_killed_frozen_and_filled_is_survived_in_memory_and_caught_up_with()
    {
        using var redis = new RedisServer();
        using var camera = new Camera();
        _cli.Variables["STREAMING_PERCEPTION"] = "off";
        _cli.Variables["STREAMING_REDIS"] = redis.Url;
        await using ServedProgram server = await _cli.ServeAsync();
        await server.PostAsync("/v1/streams", new { name = "gate", url = camera.Url, sampling = 5 });
        DateTimeOffset durable = await DurableAfterAsync(server, DateTimeOffset.MinValue);
        foreach (var (lose, regain) in (IEnumerable<(Action, Action)>)
            [(redis.Kill, redis.Start), (redis.Freeze, redis.Thaw), (() => Configure(redis, "maxmemory", "1"), () => Configure(redis, "maxmemory", "0"))])
        {
            lose();
            JsonElement alone = await server.UntilAsync("/v1/streams/gate", stream => NotesOf(stream).Any(note => note.Contains("not durable")));
            Assert.Equal("running", alone.GetProperty("state").GetString());
            regain();
            durable = await DurableAfterAsync(server, durable);
        }
        long kept = (await server.GetAsync("/v1/streams/gate")).GetProperty("frames").GetProperty("kept").GetInt64();
        await server.KillAsync();

        await using ServedProgram again = await _cli.ServeAsync();
        JsonElement back = await again.GetAsync("/v1/streams/gate");
        Assert.True(back.GetProperty("durable_until").GetDateTimeOffset() >= durable);
        Assert.InRange(back.GetProperty("visual_tokens").GetProperty("remembered").GetInt64(), 1, long.MaxValue);
        Assert.InRange(kept, 4, long.MaxValue);
    }

    public void Dispose() => _cli.Dispose();

    private static IEnumerable<string> NotesOf(JsonElement stream) => stream.GetProperty("notes").EnumerateArray().Select(note => note.GetString()!);

    private static async Task<DateTimeOffset> DurableAfterAsync(ServedProgram server, DateTimeOffset moment) =>
        (await server.UntilAsync("/v1/streams/gate", stream => !NotesOf(stream).Any(note => note.Contains("not durable"))
            && stream.GetProperty("durable_until") is { ValueKind: JsonValueKind.String } until && until.GetDateTimeOffset() > moment)).GetProperty("durable_until").GetDateTimeOffset();

    private static void Configure(RedisServer redis, string name, string value)
    {
        using Process client = Process.Start(new ProcessStartInfo("redis-cli", ["-u", redis.Url, "config", "set", name, value]) { RedirectStandardOutput = true })!;
        client.WaitForExit();
        Assert.Equal(0, client.ExitCode);
    }
}
