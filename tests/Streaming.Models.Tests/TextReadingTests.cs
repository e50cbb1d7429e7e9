namespace Streaming.Models.Tests;

public sealed class TextReadingTests
{
    [Fact]
    public void Find_of_two_lines_gives_both_from_top_to_bottom_with_a_margin()
    {
        const int width = 64, height = 32;
        var likely = new float[width * height];
        Fill(likely, width, 10, 20, 50, 26, 0.9f);
        Fill(likely, width, 8, 4, 40, 10, 0.8f);
        Fill(likely, width, 60, 0, 62, 2, 0.9f); // too small
        Fill(likely, width, 0, 14, 30, 18, 0.4f); // too unsure
        IReadOnlyList<Box> found = TextRegions.Find(likely, width, height, most: 10);
        Assert.Equal(2, found.Count);
        Assert.True(found[0].Top < found[1].Top);
        Assert.InRange(found[0].Left * width, 2, 7);
        Assert.InRange(found[0].Bottom * height, 11, 16);
        Assert.Single(TextRegions.Find(likely, width, height, most: 1));
    }

    [Fact]
    public void Read_of_steps_leaves_out_blanks_and_repeats()
    {
        var ctc = new CtcText(["a", "b"]);
        int[] best = [0, 1, 1, 0, 1, 3, 2, 2, 0, 3];
        float[] steps = [.. best.SelectMany(one => Enumerable.Range(0, 4).Select(i => i == one ? 0.7f : 0.1f))];
        var (text, score) = ctc.Read(steps);
        Assert.Equal("aa b", text);
        Assert.Equal(0.7f, score, 1e-5);
        Assert.Equal(("", 0f), ctc.Read([]));
    }

    private static void Fill(float[] map, int width, int left, int top, int right, int bottom, float value)
    {
        for (int y = top; y < bottom; y++)
            Array.Fill(map, value, y * width + left, right - left);
    }
}
