using System.Net;
using System.Text.Json;
using Streaming.Faults;

namespace Streaming.Benchmarks.Clusters;

/// <summary>What streams told to be durable, and whether it is there later.</summary>
internal sealed class Acknowledged
{
    private const int MostListed = 1000;

    private readonly Dictionary<string, HashSet<int>> _keyframes = [];

    /// <summary>Takes note of every keyframe up to the moment that its stream says is durable.</summary>
    /// <returns>How many streams told of any.</returns>
    internal async Task<int> TakeAsync(ServedProgram server)
    {
        foreach (JsonElement stream in await ClusterTrial.StreamsAsync(server))
        {
            if (stream.GetProperty("state").GetString() != "running" || stream.GetProperty("durable_until") is not { ValueKind: JsonValueKind.String } durable)
                continue;
            string name = stream.GetProperty("name").GetString()!;
            DateTimeOffset until = durable.GetDateTimeOffset();
            _keyframes[name] = [.. (await ListAsync(server, name)).Where(keyframe => keyframe.GetProperty("at").GetDateTimeOffset() <= until).Select(keyframe => keyframe.GetProperty("number").GetInt32())];
        }
        return _keyframes.Count(stream => stream.Value.Count > 0);
    }

    /// <summary>How many of them are not listed any more, and of each stream the newest whose picture is not there.</summary>
    internal async Task<int> LostAsync(ServedProgram server)
    {
        int lost = 0;
        foreach (var (name, numbers) in _keyframes)
        {
            HashSet<int> listed = [.. (await ListAsync(server, name)).Select(keyframe => keyframe.GetProperty("number").GetInt32())];
            lost += numbers.Count(number => !listed.Contains(number));
            using HttpResponseMessage picture = await server.Client.GetAsync($"/v1/streams/{name}/keyframes/{numbers.Max()}.jpg");
            lost += picture.StatusCode == HttpStatusCode.OK ? 0 : 1;
        }
        return lost;
    }

    private static async Task<JsonElement[]> ListAsync(ServedProgram server, string stream) =>
        [.. (await server.GetAsync($"/v1/streams/{stream}/keyframes?most={MostListed}")).GetProperty("keyframes").EnumerateArray()];
}
