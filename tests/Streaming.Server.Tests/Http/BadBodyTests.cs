using Streaming.Attacks.Http;

namespace Streaming.Server.Tests.Http;

public sealed class BadBodyTests
{
    [Fact]
    public async Task Server_bodies_with_one_thing_wrong_are_all_refused_as_the_callers_fault()
    {
        await using RunningServer server = await RunningServer.StartAsync(new FakeDirectory());
        await server.DeclareAsync("door");
        string file = (string)(await RunningServer.JsonAsync(await server.UploadAsync([1, 2, 3])))["id"]!;
        var (sent, wrong) = await new BadBodies(seed: 20261121, file).SendAsync(server.Client);
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(sent >= 500, $"{sent} bodies");
    }
}
