using System.Net;
using Streaming.Server.Egress;

namespace Streaming.Server.Tests.Egress;

public sealed class EgressRulesTests
{
    private static readonly EgressRules Strict = new([]);
    private static readonly EgressRules Listed = new([IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("fd00::/8")]);

    [Theory]
    [InlineData("https://hooks.example.com/a/b?c=d&e=@f")]
    [InlineData("https://hooks.example.com.")]
    [InlineData("HTTPS://Hooks.Example.com:8443/")]
    [InlineData("https://93.184.216.34/x")]
    [InlineData("https://[2606:2800:220:1::1]/x")]
    [InlineData("http://hooks.example.com/only-its-address-tells")]
    public void Refuse_address_that_may_be_called_is_null(string url) => Assert.Null(Strict.Refuse(url));

    [Theory]
    [InlineData("ftp://hooks.example.com/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https:hooks.example.com")]
    [InlineData("https:///x")]
    [InlineData("//hooks.example.com/")]
    [InlineData("https://user@hooks.example.com/")]
    [InlineData("https://user:secret@hooks.example.com/")]
    [InlineData("https://hooks.example.com@127.0.0.1/")]
    [InlineData("https://127.0.0.1\\@hooks.example.com/")]
    [InlineData("https://hooks.example.com\\@127.0.0.1/")]
    [InlineData("https://hooks.example.com/a\\b")]
    [InlineData("https:\\\\127.0.0.1/")]
    [InlineData("https://hooks.example.com/#x")]
    [InlineData("https://hooks.example.com/a b")]
    [InlineData(" https://hooks.example.com/")]
    [InlineData("https://hooks.example.com/\r\nHost: x")]
    [InlineData("https://hooks.example.com\t/")]
    [InlineData("https://ho%6fks.example.com/")]
    [InlineData("https://１２７.0.0.1/")]
    [InlineData("https://ⓛocalhost/")]
    [InlineData("https://hooks。example.com/")]
    [InlineData("https://[fe80::1%25eth0]/")]
    [InlineData("https://[::1/")]
    [InlineData("https://hooks.example.com:0/")]
    [InlineData("https://hooks.example.com:99999/")]
    [InlineData("https://hooks.example.com:/")]
    [InlineData("https://.../")]
    public void Refuse_text_of_another_shape_is_refused(string url) => Assert.NotNull(Listed.Refuse(url));

    [Theory]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0x7f.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://10.66049/")]
    [InlineData("https://010.1.0.1/")]
    public void Refuse_address_in_another_notation_is_refused_even_in_a_listed_network(string url) =>
        Assert.Contains("different ways", new EgressRules([IPNetwork.Parse("0.0.0.0/0")]).Refuse(url));

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("10.255.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("172.31.255.255")]
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("[::]")]
    [InlineData("[::1]")]
    [InlineData("[::127.0.0.1]")]
    [InlineData("[::ffff:127.0.0.1]")]
    [InlineData("[::ffff:7f00:1]")]
    [InlineData("[64:ff9b::7f00:1]")]
    [InlineData("[2002:7f00:1::]")]
    [InlineData("[2001:0:7f00:1::]")]
    [InlineData("[2001:db8::1]")]
    [InlineData("[fe80::1]")]
    [InlineData("[fc00::1]")]
    [InlineData("[fec0::1]")]
    [InlineData("[ff02::1]")]
    public void Refuse_address_that_is_not_public_is_refused(string host) => Assert.Contains("not public", Strict.Refuse($"https://{host}/"));

    [Theory]
    [InlineData("http://10.1.2.3/")]
    [InlineData("http://10.1.2.3:8080/")]
    [InlineData("http://[::ffff:10.1.2.3]/")]
    [InlineData("https://[fd00::5]/")]
    public void Refuse_address_in_a_listed_network_is_null(string url) => Assert.Null(Listed.Refuse(url));

    [Fact]
    public void Refuse_plain_http_to_a_public_address_is_refused() => Assert.Contains("https", Listed.Refuse("http://93.184.216.34/"));

    [Theory]
    [InlineData(22)]
    [InlineData(25)]
    [InlineData(80)]
    [InlineData(587)]
    public void Refuse_port_of_another_protocol_is_refused(int port) => Assert.Contains("port", Strict.Refuse($"https://hooks.example.com:{port}/"));

    [Fact]
    public void Refuse_name_is_judged_by_all_its_addresses()
    {
        var target = new Uri("https://hooks.example.com/");
        IPAddress open = IPAddress.Parse("93.184.216.34"), closed = IPAddress.Loopback, listed = IPAddress.Parse("10.1.0.9");
        Assert.Null(Listed.Refuse(target, [open, listed]));
        Assert.Contains("not public", Listed.Refuse(target, [open, closed]));
        Assert.Contains("without an address", Listed.Refuse(target, []));
        Assert.Contains("https", Listed.Refuse(new Uri("http://hooks.example.com/"), [listed, open]));
        Assert.Null(Listed.Refuse(new Uri("http://hooks.example.com/"), [listed]));
    }

    [Theory]
    [InlineData("home")]
    [InlineData("10.0.0.0/8,,")]
    public void Settings_networks_that_are_none_are_refused(string text) =>
        Assert.Contains("STREAMING_EGRESS", Assert.Throws<SettingException>(() => Settings.FromVariables(name => name == "STREAMING_EGRESS" ? text : null)).Message);
}
