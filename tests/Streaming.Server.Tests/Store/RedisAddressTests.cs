using Streaming.Server.Store;

namespace Streaming.Server.Tests.Store;

public sealed class RedisAddressTests
{
    [Fact]
    public void Parse_every_part_is_read()
    {
        RedisAddress address = Parse("rediss://:p%40ss%2Fw+rd@redis.local:6380/3");
        Assert.Equal(new RedisAddress("redis.local", 6380, 3, null, "p@ss/w+rd", true, "cams", TimeSpan.FromDays(2)), address);
        Assert.Equal("Redis at redis.local:6380", address.Name);
        Assert.Equal(("127.0.0.1", 6379, 0, null, false), (Parse("redis://127.0.0.1") is var plain ? plain.Host : "", plain.Port, plain.Database, plain.Password, plain.Tls));
    }

    [Theory]
    [InlineData("redis.local:6379")]
    [InlineData("http://:secret@redis.local")]
    [InlineData("redis://:secret@")]
    [InlineData("redis://:secret@redis.local/first")]
    [InlineData("redis://:secret@redis.local/0?x=1")]
    public void Parse_what_is_no_address_is_refused_in_one_line_without_secrets(string text)
    {
        string message = Assert.Throws<SettingException>(() => Parse(text)).Message;
        Assert.StartsWith("STREAMING_REDIS ", message);
        Assert.DoesNotContain("secret", message);
    }

    [Fact]
    public void Parse_user_is_refused_where_the_client_knows_none()
    {
        string message = Assert.Throws<SettingException>(() => Parse("redis://camera:secret@redis.local")).Message;
        Assert.Contains("CompleteFeed=true", message);
        Assert.DoesNotContain("secret", message);
    }

    [Fact]
    public void Settings_redis_with_prefix_and_days()
    {
        var variables = new Dictionary<string, string> { ["STREAMING_REDIS"] = "redis://h", ["STREAMING_REDIS_PREFIX"] = "site7", ["STREAMING_REDIS_DAYS"] = "0" };
        Assert.Equal(new RedisAddress("h", 6379, 0, null, null, false, "site7", null), Settings.FromVariables(variables.GetValueOrDefault).Redis);
        Assert.Equal(TimeSpan.FromDays(30), Settings.FromVariables(name => name == "STREAMING_REDIS" ? "redis://h" : null).Redis!.Lifetime);
        Assert.Null(Settings.FromVariables(_ => null).Redis);
    }

    [Fact]
    public void ReadAuthorities_file_without_certificates_is_refused()
    {
        string path = Path.GetTempFileName();
        Assert.StartsWith("CA is ", Assert.Throws<SettingException>(() => RedisAddress.ReadAuthorities("CA", path)).Message);
        File.Delete(path);
        Assert.StartsWith("CA is ", Assert.Throws<SettingException>(() => RedisAddress.ReadAuthorities("CA", path)).Message);
    }

    private static RedisAddress Parse(string text) => RedisAddress.Parse("STREAMING_REDIS", text, "cams", TimeSpan.FromDays(2));
}
