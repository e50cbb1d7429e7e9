namespace Streaming.Models.Tests;

public sealed class TokenPositionsTests
{
    private const int Image = 9;

    [Fact]
    public void OneByOne_gives_each_token_its_index()
    {
        var positions = TokenPositions.OneByOne(4);
        Assert.Equal((1, 3L, 4L), (positions.Axes, positions[0, 3], positions.Next));
    }

    [Fact]
    public void OnGrids_of_two_frames_puts_text_behind_each_whole_grid()
    {
        // The example of the paper's figure, with two columns more than rows.
        var prompt = new EncodedPrompt([1, Image, Image, Image, Image, Image, Image, 2, 3, Image, Image, 4], [Frame((0, 0), (0, 1), (0, 2), (1, 0), (1, 1), (1, 2)), Frame((0, 2), (1, 1))]);
        var positions = TokenPositions.OnGrids(prompt, Image, rows: 2, columns: 3);
        Assert.Equal([0, 1, 1, 1, 1, 1, 1, 4, 5, 6, 6, 9], Axis(0));
        Assert.Equal([0, 1, 1, 1, 2, 2, 2, 4, 5, 6, 7, 9], Axis(1));
        Assert.Equal([0, 1, 2, 3, 1, 2, 3, 4, 5, 8, 7, 9], Axis(2));
        Assert.Equal(10, positions.Next);

        IEnumerable<long> Axis(int axis) => Enumerable.Range(0, prompt.TokenIds.Length).Select(token => positions[axis, token]);
    }

    [Fact]
    public void OnGrids_of_text_alone_is_one_by_one()
    {
        var positions = TokenPositions.OnGrids(new EncodedPrompt([1, 2, 3], []), Image, 4, 4);
        Assert.Equal((3, 3L), (positions.Axes, positions.Next));
        Assert.All(Enumerable.Range(0, 3), axis => Assert.Equal(2, positions[axis, 2]));
    }

    [Fact]
    public void PatchCut_of_a_picture_sets_the_patches_of_a_square_side_by_side()
    {
        // A picture of 4x8 with patches of 2 in squares of 2: each number tells channel, row and column.
        float[] picture = [.. Enumerable.Range(0, 3).SelectMany(channel => Enumerable.Range(0, 4).SelectMany(y => Enumerable.Range(0, 8).Select(x => (channel * 100f) + (y * 10) + x)))];
        var cut = new PatchCut(Side: 2, Merge: 2, Frames: 2);
        var rows = new float[8 * cut.Width];
        cut.Cut(picture, height: 4, width: 8, rows);
        Assert.Equal(24, cut.Width);
        Assert.Equal([0, 1, 10, 11, 0, 1, 10, 11, 100, 101, 110, 111, 100, 101, 110, 111, 200, 201, 210, 211, 200, 201, 210, 211], rows[..24]);
        Assert.Equal([0f, 2, 20, 22, 4, 6, 24, 26], Enumerable.Range(0, 8).Select(patch => rows[patch * 24]));
    }

    [Fact]
    public void PatchCut_of_a_picture_that_does_not_fit_throws() =>
        Assert.Throws<ArgumentException>(() => new PatchCut(2, 2, 2).Cut(new float[3 * 4 * 6], height: 4, width: 6, new float[3 * 4 * 6 * 2]));

    private static VisualTokens Frame(params (short Row, short Column)[] places) => new(
        1, new float[places.Length], places.Select(place => new TokenOrigin(TimeSpan.Zero, place.Row, place.Column)).ToArray(), new float[places.Length], new float[places.Length]);
}
