using System.Text.Json;

namespace Streaming.Deployment.Tests;

/// <summary>The dashboards as Grafana takes them; what they ask is tested with a live server.</summary>
public sealed class BoardTests
{
    private static readonly string[] Names = [.. Directory.GetFiles(Tool.At("deploy/grafana/dashboards"), "*.json").Select(file => Path.GetFileName(file))];

    public static TheoryData<string> Boards => new(Names);

    [Theory]
    [MemberData(nameof(Boards))]
    public void Panels_of_a_board_stand_beside_each_other_and_have_names(string board)
    {
        JsonElement[] panels = [.. Read(board).GetProperty("panels").EnumerateArray()];
        Assert.Equal(panels.Length, panels.Select(panel => panel.GetProperty("id").GetInt32()).Distinct().Count());
        Assert.All(panels, panel => Assert.False(string.IsNullOrWhiteSpace(panel.GetProperty("title").GetString())));
        var taken = new HashSet<(int X, int Y)>();
        foreach (JsonElement place in panels.Select(panel => panel.GetProperty("gridPos")))
        {
            (int left, int top) = (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32());
            Assert.InRange(left + place.GetProperty("w").GetInt32(), 1, 24);
            for (int x = left; x < left + place.GetProperty("w").GetInt32(); x++)
                for (int y = top; y < top + place.GetProperty("h").GetInt32(); y++)
                    Assert.True(taken.Add((x, y)), $"two panels at {x}, {y}");
        }
    }

    [Theory]
    [MemberData(nameof(Boards))]
    public void Panels_of_a_board_take_the_prometheus_that_is_chosen(string board)
    {
        JsonElement[] panels = [.. Read(board).GetProperty("panels").EnumerateArray().Where(panel => panel.GetProperty("type").GetString() != "row")];
        Assert.All(panels, panel =>
        {
            Assert.Equal("${datasource}", panel.GetProperty("datasource").GetProperty("uid").GetString());
            Assert.NotEmpty(panel.GetProperty("targets").EnumerateArray());
            Assert.False(string.IsNullOrEmpty(panel.GetProperty("fieldConfig").GetProperty("defaults").GetProperty("unit").GetString()));
        });
    }

    [Fact]
    public void Boards_are_two_and_are_known_by_different_ids() =>
        Assert.Equal(["streaming-fleet", "streaming-stream"], Names.Select(name => Read(name).GetProperty("uid").GetString()).Order());

    private static JsonElement Read(string board) => JsonDocument.Parse(File.ReadAllText(Tool.At($"deploy/grafana/dashboards/{board}"))).RootElement;
}
