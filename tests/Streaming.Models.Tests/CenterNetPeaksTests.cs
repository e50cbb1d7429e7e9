namespace Streaming.Models.Tests;

public sealed class CenterNetPeaksTests
{
    private const int Side = 16, Places = Side * Side;

    private readonly float[] _heat = new float[2 * Places];
    private readonly float[] _reach = new float[4 * Places];
    private readonly CenterNetPeaks _peaks = new(Side, 4, ["cat", "dog"]);

    public CenterNetPeaksTests() => Array.Fill(_reach, 6);

    [Fact]
    public void Find_of_two_peaks_gives_both_the_surest_first()
    {
        Heat(0, 4, 4, 0.5f);
        Heat(0, 5, 4, 0.4f); // on the slope of the first
        Heat(1, 12, 10, 0.8f);
        IReadOnlyList<Detection> found = _peaks.Find(_heat, _reach);
        Assert.Equal([("dog", 0.8f), ("cat", 0.5f)], found.Select(one => (one.Label, one.Score)));
        Assert.Equal(new Box(42 / 64f, 34 / 64f, 54 / 64f, 46 / 64f), found[0].Box);
    }

    [Fact]
    public void Find_of_one_thing_under_two_names_keeps_the_surer()
    {
        Heat(0, 8, 8, 0.5f);
        Heat(1, 8, 8, 0.6f);
        Assert.Equal(["dog"], _peaks.Find(_heat, _reach).Select(one => one.Label));
    }

    [Fact]
    public void Find_of_what_is_unsure_or_as_large_as_the_scene_gives_nothing()
    {
        Heat(0, 3, 3, CenterNetPeaks.LeastScore - 0.01f);
        Heat(1, 8, 8, 0.9f);
        Array.Fill(_reach, 30);
        Assert.Empty(_peaks.Find(_heat, _reach));
    }

    private void Heat(int label, int x, int y, float score) => _heat[label * Places + y * Side + x] = score;
}
