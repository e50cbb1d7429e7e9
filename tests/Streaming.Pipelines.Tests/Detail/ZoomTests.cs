using Streaming.Compression;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines.Tests.Detail;

public sealed class ZoomTests : IDisposable
{
    private const int Side = 3 * MeanColourEncoder.Size;
    private readonly JpegEncoder _jpeg = new();
    private int _encoded;

    public void Dispose() => _jpeg.Dispose();

    [Theory]
    [InlineData(8, 8)]
    [InlineData(70, 40)]
    [InlineData(41, 80)]
    public async Task AskAsync_for_detail_reads_the_part_that_shows_what_the_words_look_like(int x, int y)
    {
        var model = new WordReader("EXIT", Red);
        Answer answer = await Over(model).AskAsync(new Question("What is written on the red sign?"), Seen(2), TimeSpan.FromSeconds(3), 0, picture: _ => Picture(x, y));
        var close = Assert.Single(answer.Close);
        Assert.Equal(TimeSpan.FromSeconds(2), close.Time);
        Assert.InRange((x + 3.0) / Side, close.Part.Left, close.Part.Left + close.Part.Width);
        Assert.InRange((y + 3.0) / Side, close.Part.Top, close.Part.Top + close.Part.Height);
        Assert.InRange(close.Part.Width, 0.3, 0.5);
        Assert.Equal(["2", "16", "2", "16"], Frames(model));
        Assert.Equal(32, answer.Usage.VisualTokensKept);
        Assert.Equal(16, answer.Read!.Count);
    }

    [Fact]
    public async Task AskAsync_of_a_model_that_does_not_tell_how_words_look_reads_the_quarters()
    {
        var model = new ScriptedModel("EXIT");
        Answer answer = await Over(model).AskAsync(new Question("What is written on the red sign?"), Seen(1), TimeSpan.FromSeconds(3), 0, picture: _ => Picture(8, 8));
        Assert.Equal([(0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)], answer.Close.Select(close => (close.Part.Left, close.Part.Top)));
        Assert.Equal(["1", "16", "1", "16", "1", "16", "1", "16", "1", "16"], Frames(model));
    }

    [Theory]
    [InlineData("How many cars are there?", null, Side)]
    [InlineData("What is written on the red sign?", false, Side)]
    [InlineData("What is written on the red sign?", null, MeanColourEncoder.Size + 8)]
    public async Task AskAsync_where_no_detail_is_asked_for_or_left_in_the_picture_reads_memory_alone(string text, bool? detail, int side)
    {
        var model = new WordReader("2", Red);
        Answer answer = await Over(model).AskAsync(new Question(text) { Detail = detail }, Seen(1), TimeSpan.FromSeconds(3), 0, picture: _ => Picture(8, 8, side));
        Assert.Empty(answer.Close);
        Assert.Equal(["1", "16"], Frames(model));
        Assert.Equal(0, _encoded);
    }

    [Fact]
    public async Task AskAsync_for_detail_whose_picture_is_gone_or_broken_reads_memory_alone()
    {
        byte[] whole = Picture(8, 8);
        foreach (byte[]? picture in new[] { null, [], whole[..(whole.Length / 2)], new byte[100] })
        {
            var model = new WordReader("EXIT", Red);
            Assert.Empty((await Over(model).AskAsync(new Question("Read the sign."), Seen(1), TimeSpan.FromSeconds(3), 0, picture: _ => picture)).Close);
            Assert.Equal(["1", "16"], Frames(model));
        }
    }

    [Theory]
    [InlineData("What does the sign say?", true)]
    [InlineData("Which letters are on the plate?", true)]
    [InlineData("What is in her hand?", true)]
    [InlineData("Look closely: is it open?", true)]
    [InlineData("Say how many cars there are.", false)]
    [InlineData("What happened in the picture?", false)]
    [InlineData("Is there a small red circle?", false)]
    public async Task AskAsync_opens_pictures_again_for_words_of_detail_only(string text, bool isOpened)
    {
        int opened = 0;
        await Over(new WordReader("yes", Red)).AskAsync(new Question(text), Seen(1), TimeSpan.FromSeconds(3), 0, picture: _ =>
        {
            opened++;
            return null;
        });
        Assert.Equal(isOpened, opened > 0);
    }

    /// <summary>How red looks to <see cref="MeanColourEncoder"/>.</summary>
    private static float[] Red => [1, -1, -1, 0, 0, 0, 0, 0];

    private Answering Over(ILanguageModel model)
    {
        var queue = new InferenceQueue();
        var encoder = new FrameEncoder(new MeanColourEncoder(frames => _encoded += frames), MeanColourEncoder.Preprocessor, queue, InferenceClass.Question);
        return new Answering(model, new PromptBuilder(new PromptWording(new FrameHeader("{seconds}"), "\n")), queue, new AnsweringOptions(), Red.Length, encoder);
    }

    /// <summary>Times and numbers of tokens of what was read.</summary>
    private static IEnumerable<string> Frames(ScriptedModel model) => Assert.Single(Assert.Single(model.Asked).Messages).Content
        .Select(part => part is VisualPart frame ? $"{frame.Tokens.Count}" : ((TextPart)part).Text).Where(text => !text.StartsWith('\n'));

    /// <summary>Grey, and a red square of 6 pixels.</summary>
    private byte[] Picture(int x, int y, int side = Side)
    {
        var rgb = new byte[side * side * 3];
        rgb.AsSpan().Fill(128);
        for (int row = y; row < y + 6; row++)
            for (int column = x; column < x + 6; column++)
                new byte[] { 255, 0, 0 }.CopyTo(rgb, ((row * side) + column) * 3);
        return _jpeg.Encode(rgb, side, side);
    }

    /// <summary>Grey pictures, each wholly new.</summary>
    private static MemorySnapshot Seen(params double[] seconds)
    {
        var memory = new StreamMemory(new MemoryOptions());
        foreach (var (number, second) in seconds.Index())
        {
            var time = TimeSpan.FromSeconds(second);
            float[] features = [.. Enumerable.Repeat(new float[] { 0.1f, 0.1f, 0.1f, 0, 0, 0, 0, 0 }, 16).SelectMany(row => row)];
            TokenOrigin[] origins = [.. Enumerable.Range(0, 16).Select(i => new TokenOrigin(time, (short)(i / 4), (short)(i % 4)))];
            memory.Write(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 1), new VisualTokens(8, features, origins, Enumerable.Repeat(1f, 16).ToArray(), new float[16])));
        }
        return memory.Snapshot;
    }
}
