using System.Text.Json.Nodes;
using Streaming.Contracts;
using Streaming.Server.Http;
using Streaming.Server.Tests.Http;

namespace Streaming.Server.Tests.Page;

/// <summary>The page in a real browser, before real decoders, a real camera and real uploads.</summary>
public sealed class LivePageTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new();
    private RunningServer _server = null!;

    public async Task InitializeAsync() => _server = await RunningServer.StartAsync(await _machine.OpenAsync(), new HttpSettings { Port = 0 });

    public async Task DisposeAsync()
    {
        await _server.DisposeAsync();
        await _machine.DisposeAsync();
    }

    [Fact]
    public async Task Page_of_a_camera_shows_it_moving_answers_watches_and_tells_of_events()
    {
        using var camera = new Camera();
        JsonNode seen = await PageTests.VisitAsync("camera.mjs", $"{_server.Address}", "gate", camera.Url, "Is there a ball?");
        Assert.Equal("yes", (string)seen["answer"]!);
        Assert.Equal(16, (int)seen["places"]!); // the test encoder's grid is 4 by 4
        Assert.Matches("^[1-9][0-9]* events? between ", (string)seen["tried"]!);
        string told = (string)seen["told"]!;
        Assert.All((string[])["ball", "Is there a ball? yes", "gate"], part => Assert.Contains(part, told));
        Assert.NotEqual("live", (string)seen["moment"]!);
    }

    [Fact]
    public async Task Page_of_a_camera_that_is_unplugged_says_since_when_and_that_it_is_back()
    {
        using var camera = new Camera();
        await (await _machine.OpenAsync()).AddStreamAsync(new StreamRequest("gate", camera.Url, Sampling: 5), default);
        await PageTests.VisitAsync("state.mjs", $"{_server.Address}", "gate", "running");
        camera.SwitchOff();
        JsonNode away = await PageTests.VisitAsync("state.mjs", $"{_server.Address}", "gate", "retrying");
        Assert.Matches("camera offline since .*[0-9]{2}:[0-9]{2}", (string)away["words"]!);
        camera.SwitchOn();
        JsonNode back = await PageTests.VisitAsync("state.mjs", $"{_server.Address}", "gate", "running");
        Assert.DoesNotContain("offline", (string)back["words"]!);
    }

    [Fact]
    public async Task Page_of_a_conversation_goes_on_where_it_was_until_it_is_forgotten()
    {
        using var camera = new Camera();
        IStreamDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", camera.Url, Sampling: 5), default);
        await PageTests.VisitAsync("state.mjs", $"{_server.Address}", "gate", "running");
        JsonNode seen = await PageTests.VisitAsync("talk.mjs", $"{_server.Address}", "gate", "Is there a ball?", "And before that?");
        Assert.Equal(["Is there a ball?", "And before that?"], PageTests.Texts(seen["asked"]));
        Assert.Equal(PageTests.Texts(seen["asked"]), PageTests.Texts(seen["again"]));
        Assert.DoesNotContain("", PageTests.Texts(seen["answers"]));
        string[] names = [.. PageTests.Texts(seen["names"])];
        Assert.Equal([names[0], names[0], names[0]], names[..3]);
        Assert.NotEqual(names[0], names[3]);
        Assert.Equal(0, (int)seen["left"]!);
        Assert.Empty((await directory.ConversationAsync(new ConversationName(names[0], "local"), default)).Turns);
        Assert.Single((await directory.ConversationAsync(new ConversationName(names[3], "local"), default)).Turns);
    }

    [Fact]
    public async Task Page_upload_whose_connection_breaks_off_goes_on_where_it_was()
    {
        string film = _machine.Film(60);
        long size = new FileInfo(film).Length;
        JsonNode seen = await PageTests.VisitAsync("upload.mjs", $"{_server.Address}", film, $"{size / 3}");
        Assert.Contains("goes on by itself", (string)seen["said"]!);
        long[] starts = [.. seen["starts"]!.AsArray().Select(start => (long)start!)];
        Assert.Equal([0, size / 3], starts);
        Assert.Contains("film", (string)seen["refused"]!);
        FileDocument stored = Assert.Single(await (await _machine.OpenAsync()).FilesAsync(default));
        Assert.Equal((Path.GetFileName(film), size), (stored.Name, stored.SizeBytes));
    }
}
