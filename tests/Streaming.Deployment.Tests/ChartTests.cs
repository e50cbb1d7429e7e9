using System.Text.Json;
using System.Text.RegularExpressions;

namespace Streaming.Deployment.Tests;

public sealed partial class ChartTests(Chart chart) : IClassFixture<Chart>
{
    /// <summary>The endpoints' 5 s and the 20 s in which the server ends requests and stores what it saw.</summary>
    private const int DrainSeconds = 25;

    [Fact]
    public async Task Chart_with_each_value_file_is_what_kubernetes_takes()
    {
        string[] rendered = await Task.WhenAll(Chart.Cases.Select(name => chart.RenderedAsync("-values", Path.Combine(Chart.Folder, "ci", name))));
        Assert.NotEmpty(rendered);
        JsonElement checkedAll = await Tool.NodeAsync("kubernetes.mjs", rendered);
        Assert.True(checkedAll.GetProperty("checked").GetInt32() > 5 * rendered.Length);
        Assert.Empty(checkedAll.GetProperty("errors").EnumerateArray().Select(error => error.GetString()));
    }

    [Fact]
    public async Task Check_of_objects_finds_a_wrong_type_and_an_unknown_field()
    {
        string file = chart.Values("""
            {apiVersion: v1, kind: Service, metadata: {name: a}, spec: {ports: [{port: eighty}]}}
            ---
            {apiVersion: v1, kind: Service, metadata: {name: b}, spec: {ports: [{prot: 80, port: 80}]}}
            ---
            {apiVersion: monitoring.coreos.com/v1, kind: ServiceMonitor, metadata: {name: c}, spec: {selector: {}, endpoints: [{prot: http}]}}
            """);
        string[] errors = (await Tool.NodeAsync("kubernetes.mjs", [file])).GetProperty("errors").Deserialize<string[]>()!;
        Assert.Contains(errors, e => e.Contains("Service a") && e.Contains("port"));
        Assert.Contains(errors, e => e.Contains("Service b") && e.Contains("prot"));
        Assert.Contains(errors, e => e.Contains("ServiceMonitor c") && e.Contains("prot"));
    }

    [Fact]
    public async Task Containers_of_every_pod_have_no_rights_and_bounded_resources()
    {
        foreach (string name in Chart.Cases)
            foreach (JsonElement pod in Pods(await Tool.YamlAsync(await chart.RenderedAsync("-values", Path.Combine(Chart.Folder, "ci", name)))))
            {
                Assert.True(pod.GetProperty("securityContext").GetProperty("runAsNonRoot").GetBoolean());
                Assert.True(pod.GetProperty("securityContext").GetProperty("runAsUser").GetInt32() > 0);
                Assert.False(pod.GetProperty("automountServiceAccountToken").GetBoolean());
                foreach (JsonElement container in pod.GetProperty("containers").EnumerateArray())
                {
                    JsonElement security = container.GetProperty("securityContext");
                    Assert.True(security.GetProperty("readOnlyRootFilesystem").GetBoolean());
                    Assert.False(security.GetProperty("allowPrivilegeEscalation").GetBoolean());
                    Assert.Equal("ALL", Assert.Single(security.GetProperty("capabilities").GetProperty("drop").EnumerateArray()).GetString());
                    Assert.True(container.GetProperty("resources").GetProperty("limits").TryGetProperty("memory", out _));
                    Assert.Matches(@":\d|@sha256:", container.GetProperty("image").GetString());
                }
            }
    }

    [Fact]
    public async Task Server_by_default_is_probed_and_has_time_to_drain()
    {
        JsonElement pod = Server(await chart.ObjectsAsync("{}")), server = pod.GetProperty("containers")[0];
        Assert.Equal("/startupz", server.GetProperty("startupProbe").GetProperty("httpGet").GetProperty("path").GetString());
        Assert.Equal("/livez", server.GetProperty("livenessProbe").GetProperty("httpGet").GetProperty("path").GetString());
        Assert.Equal("/readyz", server.GetProperty("readinessProbe").GetProperty("httpGet").GetProperty("path").GetString());
        Assert.True(pod.GetProperty("terminationGracePeriodSeconds").GetInt32() >= DrainSeconds);
        Assert.EndsWith("streaming:0.1.0", server.GetProperty("image").GetString());
        Assert.Equal("cpu", Variable(server, "STREAMING_DEVICE"));
    }

    [Fact]
    public async Task Server_with_a_gpu_is_another_image_on_chosen_nodes()
    {
        JsonElement pod = Server(await chart.ObjectsAsync("{gpu: {enabled: true, count: 2, nodeSelector: {gpu: l4}}, nodeSelector: {zone: a}}")), server = pod.GetProperty("containers")[0];
        Assert.EndsWith("streaming:0.1.0-cuda", server.GetProperty("image").GetString());
        Assert.Equal("cuda", Variable(server, "STREAMING_DEVICE"));
        Assert.Equal(2, server.GetProperty("resources").GetProperty("limits").GetProperty("nvidia.com/gpu").GetInt32());
        Assert.Equal(["gpu=l4", "zone=a"], pod.GetProperty("nodeSelector").EnumerateObject().Select(p => $"{p.Name}={p.Value}").Order());
        Assert.Equal("nvidia.com/gpu", pod.GetProperty("tolerations")[0].GetProperty("key").GetString());
    }

    [Fact]
    public async Task Settings_are_the_servers_variables_as_they_were_written()
    {
        JsonElement server = Server(await chart.ObjectsAsync("{settings: {STREAMING_FILM_PIXELS: 35389440, STREAMING_RETAIN: 0.25, STREAMING_POLICY: novelty}}")).GetProperty("containers")[0];
        Assert.Equal(("35389440", "0.25", "novelty"), (Variable(server, "STREAMING_FILM_PIXELS"), Variable(server, "STREAMING_RETAIN"), Variable(server, "STREAMING_POLICY")));
    }

    [Fact]
    public async Task Keys_are_random_at_first_and_stay_over_upgrades()
    {
        JsonElement first = Secret(await chart.ObjectsAsync("{}"), "video-streaming-keys"), second = Secret(await chart.ObjectsAsync("{}"), "video-streaming-keys");
        Assert.NotEqual(Text(first, "admin-key"), Text(second, "admin-key"));
        Assert.NotEqual(Text(first, "admin-key"), Text(first, "viewer-key"));
        Assert.All([Text(first, "admin-key"), Text(first, "viewer-key")], key => Assert.True(key.Length >= 32));
        string there = chart.Values(first.GetRawText());
        Assert.Equal(Text(first, "admin-key"), Text(Secret(await chart.ObjectsAsync("{}", "-there", there), "video-streaming-keys"), "admin-key"));
        const string own = "a-key-of-my-own-that-is-long-enough-0";
        Assert.Equal(own, Text(Secret(await chart.ObjectsAsync($"{{keys: {{admin: {own}}}}}", "-there", there), "video-streaming-keys"), "admin-key"));
    }

    [Fact]
    public async Task Redis_password_is_the_one_in_the_servers_address_and_stays()
    {
        JsonElement first = Secret(await chart.ObjectsAsync("{redis: {enabled: true}}"), "video-streaming-redis");
        Assert.Equal($"redis://:{Text(first, "redis-password")}@video-streaming-redis:6379/0", Text(first, "redis-url"));
        JsonElement second = Secret(await chart.ObjectsAsync("{redis: {enabled: true}}", "-there", chart.Values(first.GetRawText())), "video-streaming-redis");
        Assert.Equal(Text(first, "redis-url"), Text(second, "redis-url"));
    }

    [Fact]
    public async Task Servers_of_a_cluster_share_one_volume_and_talk_to_nobody_else_about_it()
    {
        IReadOnlyList<JsonElement> objects = await chart.ObjectsAsync("{replicas: 3, cluster: {enabled: true, port: 12000}, redis: {enabled: true}, persistence: {accessModes: [ReadWriteMany]}}");
        JsonElement set = objects.Single(o => o.GetProperty("kind").GetString() == "StatefulSet" && o.GetProperty("metadata").GetProperty("name").GetString() == "video-streaming").GetProperty("spec");
        JsonElement pod = set.GetProperty("template").GetProperty("spec");
        Assert.False(set.TryGetProperty("volumeClaimTemplates", out _));
        Assert.Equal("video-streaming-shared", pod.GetProperty("volumes").EnumerateArray().Single(v => v.GetProperty("name").GetString() == "data").GetProperty("persistentVolumeClaim").GetProperty("claimName").GetString());
        Assert.Contains(objects, o => o.GetProperty("kind").GetString() == "PersistentVolumeClaim" && o.GetProperty("metadata").GetProperty("name").GetString() == "video-streaming-shared");
        Dictionary<string, JsonElement> variables = pod.GetProperty("containers")[0].GetProperty("env").EnumerateArray().ToDictionary(v => v.GetProperty("name").GetString()!);
        Assert.Equal(("video-streaming", "$(POD_IP):12000"), (variables["STREAMING_CLUSTER"].GetProperty("value").GetString(), variables["STREAMING_CLUSTER_ADDRESS"].GetProperty("value").GetString()));
        // Draining takes a minute at most, after five seconds in which requests still come, and closing what is left twenty.
        Assert.True(pod.GetProperty("terminationGracePeriodSeconds").GetInt32() >= 85);
        JsonElement policy = objects.Single(o => o.GetProperty("kind").GetString() == "NetworkPolicy" && o.GetProperty("metadata").GetProperty("name").GetString() == "video-streaming").GetProperty("spec");
        JsonElement rule = policy.GetProperty("ingress").EnumerateArray().Single(r => r.GetProperty("ports")[0].GetProperty("port").ToString() == "cluster");
        Assert.Equal("server", rule.GetProperty("from")[0].GetProperty("podSelector").GetProperty("matchLabels").GetProperty("app.kubernetes.io/component").GetString());
    }

    [Theory]
    [InlineData("{replicas: 2}", "independentReplicas")]
    [InlineData("{autoscaling: {enabled: true}}", "independentReplicas")]
    [InlineData("{independentReplicas: true, autoscaling: {enabled: true, queueDepth: 0}}", "autoscaling.cpuPercent")]
    [InlineData("{independentReplicas: true, replicas: 2, persistence: {existingClaim: films}}", "persistence.existingClaim")]
    [InlineData("{redis: {enabled: true, existingSecret: mine}}", "redis.existingSecret")]
    [InlineData("{cluster: {enabled: true}, persistence: {accessModes: [ReadWriteMany]}}", "redis.existingSecret")]
    [InlineData("{cluster: {enabled: true}, redis: {enabled: true}}", "ReadWriteMany")]
    [InlineData("{cluster: {enabled: true}, redis: {enabled: true}, persistence: {enabled: false}}", "persistence.enabled")]
    [InlineData("{cluster: {enabled: true}, redis: {enabled: true}, independentReplicas: true}", "independentReplicas")]
    [InlineData("{cameras: [{name: a, url: 'rtsp://a'}], camerasExistingSecret: mine}", "camerasExistingSecret")]
    [InlineData("{ingress: {enabled: true}}", "ingress.host")]
    [InlineData("{gateway: {enabled: true}}", "gateway.parentRefs")]
    public async Task Values_that_do_not_go_together_are_refused_in_words(string values, string named)
    {
        Tool.Result result = await chart.RenderAsync("-values", chart.Values(values));
        Assert.Equal(1, result.Code);
        Assert.Contains(named, result.Error);
    }

    [Fact]
    public async Task Rules_and_dashboards_are_those_of_the_compose_file()
    {
        JsonElement[] objects = await chart.ObjectsAsync("{metrics: {prometheusRule: {enabled: true}, dashboards: {enabled: true}}}");
        JsonElement rules = (await Tool.YamlAsync(Tool.At("deploy/prometheus/rules/streaming.yml")))[0];
        Assert.Equal(rules.GetRawText(), Assert.Single(objects, o => Kind(o) == "PrometheusRule").GetProperty("spec").GetRawText());
        foreach (string name in (string[])["fleet", "stream"])
            Assert.Equal(
                File.ReadAllText(Tool.At($"deploy/grafana/dashboards/{name}.json")),
                Assert.Single(objects, o => Name(o) == $"video-streaming-dashboard-{name}").GetProperty("data").GetProperty($"streaming-{name}.json").GetString());
    }

    [Fact]
    public async Task Notes_say_how_to_reach_it_and_where_the_key_is()
    {
        string notes = (await chart.RenderAsync("-notes")).Output;
        Assert.Contains("port-forward service/video-streaming 8080:80", notes);
        Assert.Contains("get secret video-streaming-keys", notes);
        Assert.Contains("https://video.example.org", (await chart.RenderAsync("-notes", "-values", Path.Combine(Chart.Folder, "ci", "ingress-values.yaml"))).Output);
    }

    [Fact]
    public void Value_of_every_name_is_used_by_a_template()
    {
        string templates = string.Concat(Directory.GetFiles(Path.Combine(Chart.Folder, "templates"), "*", SearchOption.AllDirectories).Select(File.ReadAllText));
        string[] names = [.. TopLevel().Matches(File.ReadAllText(Path.Combine(Chart.Folder, "values.yaml"))).Select(match => match.Groups[1].Value)];
        Assert.True(names.Length > 20);
        Assert.All(names, name => Assert.Contains($".Values.{name}", templates));
    }

    [GeneratedRegex(@"^(\w+):", RegexOptions.Multiline)]
    private static partial Regex TopLevel();

    private static string Kind(JsonElement o) => o.GetProperty("kind").GetString()!;

    private static string Name(JsonElement o) => o.GetProperty("metadata").GetProperty("name").GetString()!;

    private static IEnumerable<JsonElement> Pods(JsonElement[] objects) => objects.Where(o => Kind(o) is "StatefulSet" or "Pod")
        .Select(o => Kind(o) == "Pod" ? o.GetProperty("spec") : o.GetProperty("spec").GetProperty("template").GetProperty("spec"));

    private static JsonElement Server(JsonElement[] objects) =>
        Assert.Single(objects, o => Kind(o) == "StatefulSet" && Name(o) == "video-streaming").GetProperty("spec").GetProperty("template").GetProperty("spec");

    private static string Variable(JsonElement container, string name) =>
        Assert.Single(container.GetProperty("env").EnumerateArray(), v => v.GetProperty("name").GetString() == name).GetProperty("value").GetString()!;

    private static JsonElement Secret(JsonElement[] objects, string name) => Assert.Single(objects, o => Kind(o) == "Secret" && Name(o) == name);

    private static string Text(JsonElement secret, string key) =>
        System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(secret.GetProperty("data").GetProperty(key).GetString()!));
}
