using System.Text.Json;

namespace Streaming.Models.Tests;

public sealed class BilinearPoolTests
{
    public static TheoryData<int, int, int, int, float[]> Torch()
    {
        using var stream = typeof(BilinearPoolTests).Assembly.GetManifestResourceStream("pool.json")!;
        var data = new TheoryData<int, int, int, int, float[]>();
        using var document = JsonDocument.Parse(stream);
        foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray())
            data.Add(
                item.GetProperty("rows").GetInt32(), item.GetProperty("columns").GetInt32(), item.GetProperty("toRows").GetInt32(),
                item.GetProperty("toColumns").GetInt32(), [.. item.GetProperty("values").EnumerateArray().Select(value => value.GetSingle())]);
        return data;
    }

    [Theory]
    [MemberData(nameof(Torch))]
    public void Pool_of_a_grid_equals_torchs_interpolate(int rows, int columns, int toRows, int toColumns, float[] expected)
    {
        var pooled = new float[expected.Length];
        new BilinearPool(rows, columns, toRows, toColumns).Pool(Grid(rows, columns), frames: 1, width: 1, pooled);
        // Places are floats up to 26, whose last digit is 2e-6.
        Assert.All(expected.Zip(pooled), pair => Assert.Equal(pair.First, pair.Second, 5e-6));
    }

    [Fact]
    public void Pool_of_several_wide_frames_pools_each_number_by_itself()
    {
        float[] grid = Grid(5, 4), alone = new float[6], pooled = new float[2 * 6 * 3];
        new BilinearPool(5, 4, 3, 2).Pool(grid, frames: 1, width: 1, alone);
        float[] wide = [.. Enumerable.Range(1, 2).SelectMany(frame => grid.SelectMany(value => (float[])[value * frame, value, -value]))];
        new BilinearPool(5, 4, 3, 2).Pool(wide, frames: 2, width: 3, pooled);
        float[] expected = [.. Enumerable.Range(1, 2).SelectMany(frame => alone.SelectMany(value => (float[])[value * frame, value, -value]))];
        Assert.All(expected.Zip(pooled), pair => Assert.Equal(pair.First, pair.Second, 1e-6));
    }

    /// <summary>The grid of make_pool.py.</summary>
    private static float[] Grid(int rows, int columns)
    {
        uint state = 12345;
        var values = new float[rows * columns];
        for (int i = 0; i < values.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            values[i] = (float)(((state >> 8) / (double)(1 << 23)) - 1);
        }
        return values;
    }
}
