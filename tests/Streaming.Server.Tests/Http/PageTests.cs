using System.Text.Json.Nodes;

namespace Streaming.Server.Tests.Http;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Page_in_a_browser_shows_and_declares_streams_takes_a_film_and_answers_with_pictures()
    {
        await using var server = await RunningServer.StartAsync(new FakeDirectory { Kept = 3 });
        await server.DeclareAsync("door");
        await server.DeclareAsync("gate");
        string film = Path.Combine(server.Folder, "h\u00fcbsch <b>.mp4");
        await File.WriteAllBytesAsync(film, [1, 2, 3]);
        JsonNode seen = await Node.RunAsync(
            "page.mjs", $"{server.Address}", "/v1/streams/door", "which car?", film, Environment.GetEnvironmentVariable("STREAMING_SCREENSHOTS") ?? "");
        Assert.Equal(["door", "gate"], Texts(seen["streams"]));
        Assert.Equal(["hübsch <b>.mp4"], Texts(seen["films"]));
        Assert.Equal(["a stream needs an rtsp:// url, or a file", "yard is there", "replay is there"], Texts(seen["said"]));
        Assert.Equal(["door", "gate", "replay", "yard"], Texts(seen["declared"]));
        JsonNode streams = (await RunningServer.JsonAsync(await server.Client.GetAsync("/v1/streams")))["streams"]!;
        Assert.Equal(["rtsp://127.0.0.1:9/1"], streams.AsArray().Where(stream => (string)stream!["name"]! == "yard").Select(stream => (string)stream!["url"]!));
        Assert.NotNull((string?)streams.AsArray().Single(stream => (string)stream!["name"]! == "replay")!["file"]);
        Assert.Equal("a red car", (string)seen["answer"]!);
        JsonNode citation = Assert.Single(seen["citations"]!.AsArray())!;
        Assert.Equal("door00:01.0 – 00:02.5", (string)citation["words"]!);
        Assert.True((int)citation["width"]! > 0);
        Assert.Equal(0, (int)seen["overflow"]!);
        foreach (string nothing in (string[])["unnamed", "errors", "elsewhere"])
            Assert.Empty(Texts(seen[nothing]));
    }

    private static IEnumerable<string> Texts(JsonNode? array) => array!.AsArray().Select(text => (string)text!);
}
