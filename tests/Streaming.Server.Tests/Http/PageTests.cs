using System.Text.Json.Nodes;

namespace Streaming.Server.Tests.Http;

/// <summary>The page in a real browser.</summary>
public sealed class PageTests
{
    [Fact]
    public async Task Page_in_a_browser_shows_streams_takes_a_film_and_answers_with_pictures()
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
