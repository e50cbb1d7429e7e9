using System.Net;
using Streaming.Server.Clustering;

namespace Streaming.Server.Tests.Clustering;

public sealed class ClusterSettingsTests
{
    [Fact]
    public void Cluster_with_its_address_is_taken_and_the_machine_bears_the_hosts_name()
    {
        Settings settings = Of(("STREAMING_CLUSTER", "site"), ("STREAMING_REDIS", "redis://h"), ("STREAMING_CLUSTER_ADDRESS", "10.1.2.3:11111"));
        Assert.Equal(new ClusterSettings("site", IPEndPoint.Parse("10.1.2.3:11111"), Environment.MachineName), settings.Cluster);
        Assert.Null(Of(("STREAMING_REDIS", "redis://h")).Cluster);
    }

    [Theory]
    [InlineData("site", null, "10.1.2.3:11111", "", "STREAMING_REDIS")]
    [InlineData("my site", "redis://h", "10.1.2.3:11111", "", "STREAMING_CLUSTER")]
    [InlineData("site", "redis://h", null, "", "STREAMING_CLUSTER_ADDRESS")]
    [InlineData("site", "redis://h", "10.1.2.3", "", "STREAMING_CLUSTER_ADDRESS")]
    [InlineData("site", "redis://h", "0.0.0.0:11111", "", "STREAMING_CLUSTER_ADDRESS")]
    [InlineData("site", "redis://h", "10.1.2.3:11111", "a/b", "STREAMING_CLUSTER_MACHINE")]
    public void Cluster_that_cannot_be_joined_so_is_refused_by_the_settings_name(string cluster, string? redis, string? address, string machine, string named)
    {
        string message = Assert.Throws<SettingException>(() => Of(
            ("STREAMING_CLUSTER", cluster), ("STREAMING_REDIS", redis), ("STREAMING_CLUSTER_ADDRESS", address), ("STREAMING_CLUSTER_MACHINE", machine))).Message;
        Assert.StartsWith($"{named} is ", message);
    }

    private static Settings Of(params (string Name, string? Value)[] variables) =>
        Settings.FromVariables(name => variables.FirstOrDefault(variable => variable.Name == name).Value is { Length: > 0 } value ? value : null);
}
