using System.Net;
using System.Net.Sockets;
using System.Text;
using Streaming.Server.Egress;

namespace Streaming.Server.Tests.Egress;

public sealed class EgressGuardTests : IDisposable
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public EgressGuardTests() => _listener.Start();

    private int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    [Fact]
    public async Task Client_name_in_a_listed_network_is_called_at_the_address_that_was_judged()
    {
        Task answering = AnswerAsync("HTTP/1.1 204 No Content\r\n\r\n");
        var asked = new List<string>();
        using HttpClient client = Guard([Loopback], name =>
        {
            asked.Add(name);
            return [IPAddress.Loopback];
        });
        Assert.Equal(HttpStatusCode.NoContent, (await client.GetAsync($"http://hooks.example.com:{Port}/")).StatusCode);
        Assert.Equal(["hooks.example.com"], asked);
        await answering;
    }

    [Fact]
    public async Task Client_name_that_leads_elsewhere_the_second_time_is_never_followed_there()
    {
        // A rebinding name server: each look shows another address.
        int looks = 0;
        using HttpClient client = Guard([IPNetwork.Parse("127.0.0.1/32")], _ => [looks++ == 0 ? IPAddress.Loopback : IPAddress.Parse("127.0.0.2")]);
        Task answering = AnswerAsync("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
        await client.GetAsync($"http://hooks.example.com:{Port}/");
        await answering;
        Assert.Equal(1, looks);
        Assert.IsType<EgressRefusedException>(await RefusalAsync(client, $"http://hooks.example.com:{Port}/"));
        Assert.Equal(2, looks);
        Assert.False(_listener.Pending());
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("93.184.216.34", "127.0.0.1")]
    [InlineData("169.254.169.254")]
    public async Task Client_name_with_an_address_that_is_not_public_is_refused(params string[] addresses)
    {
        using HttpClient client = Guard([], _ => [.. addresses.Select(IPAddress.Parse)]);
        Assert.IsType<EgressRefusedException>(await RefusalAsync(client, $"https://hooks.example.com:{Port}/"));
        Assert.False(_listener.Pending());
    }

    [Fact]
    public async Task Client_redirect_is_an_answer_and_not_followed()
    {
        Task answering = AnswerAsync($"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{Port}/secret\r\nContent-Length: 0\r\n\r\n");
        using HttpClient client = Guard([Loopback], _ => [IPAddress.Loopback]);
        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync($"http://hooks.example.com:{Port}/")).StatusCode);
        await answering;
        Assert.False(_listener.Pending());
    }

    public void Dispose() => _listener.Dispose();

    private static HttpClient Guard(IPNetwork[] networks, Func<string, IPAddress[]> resolve) =>
        new EgressGuard(new EgressRules(networks), (name, _) => Task.FromResult(resolve(name))).Client(TimeSpan.FromSeconds(30));

    private static async Task<Exception?> RefusalAsync(HttpClient client, string url) =>
        (await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(url))).InnerException;

    private async Task AnswerAsync(string answer)
    {
        using TcpClient caller = await _listener.AcceptTcpClientAsync();
        NetworkStream stream = caller.GetStream();
        var buffer = new byte[4096];
        string request = "";
        while (!request.Contains("\r\n\r\n", StringComparison.Ordinal))
            request += Encoding.ASCII.GetString(buffer, 0, await stream.ReadAsync(buffer));
        await stream.WriteAsync(Encoding.ASCII.GetBytes(answer));
    }
}
