using System.Text.Json.Nodes;

namespace Streaming.Server.Tests.Http;

/// <summary>OpenAI's npm client, unchanged.</summary>
public sealed class OpenAIClientTests
{
    [Fact]
    public async Task OpenAIClient_unchanged_asks_plainly_in_pieces_and_again()
    {
        await using var server = await RunningServer.StartAsync(new FakeDirectory());
        await server.DeclareAsync("door");
        JsonNode said = await Node.RunAsync("chat.mjs", $"{server.Address}v1", "stream://door?from=-120s", "which car?");
        Assert.Equal("scenes", (string)said["model"]!);
        foreach (string text in (string[])[(string)said["plain"]!["text"]!, (string)said["streamed"]!["text"]!, (string)said["accumulated"]!, (string)said["followUp"]!])
            Assert.Equal("a red car", text);
        Assert.Equal("stop", (string)said["streamed"]!["finish"]!);
        Assert.Equal(said["plain"]!["usage"]!.ToJsonString(), said["streamed"]!["usage"]!.ToJsonString());
        Assert.Equal("door", (string)said["plain"]!["annotations"]![0]!["video_citation"]!["stream"]!);
        Assert.Equal(said["plain"]!["annotations"]!.ToJsonString(), said["streamed"]!["annotations"]!.ToJsonString());
        Assert.Equal("""{"type":"NotFoundError","status":404,"code":"model_not_found","param":"model"}""", said["failures"]!["unknownModel"]!.ToJsonString());
        Assert.Equal("""{"type":"UnprocessableEntityError","status":422,"code":"unsupported_url","param":"messages"}""", said["failures"]!["rawCamera"]!.ToJsonString());
        Assert.Equal("""{"type":"UnprocessableEntityError","status":422,"code":"unsupported_parameter","param":"n"}""", said["failures"]!["twoAnswers"]!.ToJsonString());
    }
}
