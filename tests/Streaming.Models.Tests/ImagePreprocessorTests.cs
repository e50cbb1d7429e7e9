using System.Security.Cryptography;
using System.Text.Json;
using Streaming.Models.Families;

namespace Streaming.Models.Tests;

public sealed class ImagePreprocessorTests
{
    private const string Config = """
        {"size": {"height": 4, "width": 6}, "resample": 2, "rescale_factor": 0.00392156862745098, "image_mean": [0.5, 0.5, 0.5], "image_std": [0.5, 0.25, 1]}
        """;

    private static readonly ModelFamily Llava = ModelFamily.Parse("""{"model_type": "llava"}""");

    public static TheoryData<string, int, int, int, int, string> Pillow()
    {
        using var stream = typeof(ImagePreprocessorTests).Assembly.GetManifestResourceStream("resize.json")!;
        var data = new TheoryData<string, int, int, int, int, string>();
        using var document = JsonDocument.Parse(stream);
        foreach (var item in document.RootElement.GetProperty("cases").EnumerateArray())
            data.Add(
                item.GetProperty("filter").GetString()!, item.GetProperty("width").GetInt32(), item.GetProperty("height").GetInt32(),
                item.GetProperty("toWidth").GetInt32(), item.GetProperty("toHeight").GetInt32(), item.GetProperty("sha256").GetString()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Pillow))]
    public void PilResizer_of_any_size_equals_pillow_bit_for_bit(string filter, int width, int height, int toWidth, int toHeight, string sha256)
    {
        var resized = new byte[toWidth * toHeight * 3];
        new PilResizer(Enum.Parse<ResizeFilter>(filter), width, height, toWidth, toHeight).Resize(Picture(width, height), resized);
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(resized)));
    }

    public static TheoryData<int, int, int, int, string> Fitted()
    {
        using var stream = typeof(ImagePreprocessorTests).Assembly.GetManifestResourceStream("resize.json")!;
        var data = new TheoryData<int, int, int, int, string>();
        using var document = JsonDocument.Parse(stream);
        foreach (var item in document.RootElement.GetProperty("fitted").EnumerateArray())
            data.Add(
                item.GetProperty("width").GetInt32(), item.GetProperty("height").GetInt32(), item.GetProperty("longest").GetInt32(),
                item.GetProperty("side").GetInt32(), item.GetProperty("sha256").GetString()!);
        return data;
    }

    [Theory]
    [MemberData(nameof(Fitted))]
    public void Process_of_a_frame_for_smolvlm_equals_pillow_bit_for_bit(int width, int height, int longest, int side, string sha256)
    {
        string config = $$$"""
            {"max_image_size": {"longest_edge": {{{side}}}}, "video_sampling": {"video_size": {"longest_edge": {{{longest}}}}}, "size": {"longest_edge": 2048},
             "resample": 1, "do_rescale": false, "do_normalize": false}
            """;
        var preprocessor = ImagePreprocessor.Parse(config, ModelFamily.Parse("""{"model_type": "smolvlm"}"""));
        Assert.Equal((side, side), (preprocessor.Width, preprocessor.Height));
        var planar = new float[preprocessor.ValuesPerFrame];
        preprocessor.Process(Picture(width, height), width, height, planar);
        byte[] interleaved = [.. Enumerable.Range(0, planar.Length).Select(i => (byte)planar[(i % 3 * side * side) + (i / 3)])];
        Assert.Equal(sha256, Convert.ToHexStringLower(SHA256.HashData(interleaved)));
    }

    [Fact]
    public void Process_of_a_plain_colour_normalises_each_channel()
    {
        var preprocessor = ImagePreprocessor.Parse(Config, Llava);
        var values = new float[preprocessor.ValuesPerFrame];
        byte[] picture = [.. Enumerable.Repeat(new byte[] { 255, 0, 51 }, 12 * 10).SelectMany(pixel => pixel)];
        preprocessor.Process(picture, 12, 10, values);
        Assert.All(values[..24], value => Assert.Equal(1, value, 1e-6));
        Assert.All(values[24..48], value => Assert.Equal(-2, value, 1e-6));
        Assert.All(values[48..], value => Assert.Equal(-0.3, value, 1e-6));
    }

    [Fact]
    public void Process_of_one_size_again_allocates_nothing()
    {
        var preprocessor = ImagePreprocessor.Parse(Config, Llava);
        var values = new float[preprocessor.ValuesPerFrame];
        byte[] picture = Picture(32, 24);
        // A collection between two pictures may empty the pool of buffers: the least of several rounds is what one picture needs.
        Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => Allocated(20, () => preprocessor.Process(picture, 32, 24, values))));
    }

    private static long Allocated(int times, Action act)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < times; i++)
            act();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void Process_of_a_buffer_too_short_throws() => Assert.Throws<ArgumentException>(
        () => ImagePreprocessor.Parse(Config, Llava).Process(new byte[10], 12, 10, new float[72]));

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"size": {"shortest_edge": 4}}""")]
    [InlineData("""{"size": {"height": 4, "width": 4}, "resample": 0, "image_mean": [0,0,0], "image_std": [1,1,1]}""")]
    [InlineData("""{"size": {"height": 4, "width": 4}, "image_mean": [0.5], "image_std": [1,1,1]}""")]
    public void Parse_of_an_unusable_file_throws(string json) => Assert.Throws<InvalidModelException>(() => ImagePreprocessor.Parse(json, Llava));

    /// <summary>The picture of make_resize.py.</summary>
    private static byte[] Picture(int width, int height)
    {
        uint state = 12345;
        var data = new byte[width * height * 3];
        for (int i = 0; i < data.Length; i++)
        {
            state = unchecked((state * 1664525) + 1013904223);
            int noise = (int)(state >> 24);
            data[i] = (byte)(i % 5 == 0 ? i * 7 / (width * 3) % 256 : noise > 230 ? 255 : noise < 20 ? 0 : noise);
        }
        return data;
    }
}
