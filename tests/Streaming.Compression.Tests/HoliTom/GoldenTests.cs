using System.Text.Json;
using Streaming.Compression.HoliTom;

namespace Streaming.Compression.Tests.HoliTom;

/// <summary>Facts measured on the authors' functions (golden.json), reproduced in the published form.</summary>
public sealed class GoldenTests
{
    private static readonly JsonElement Golden =
        JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "HoliTom", "golden.json"))).RootElement;

    public static TheoryData<string> Volumes => [.. Golden.GetProperty("outer").EnumerateObject().Select(volume => volume.Name)];

    public static TheoryData<string> Masks => [.. Golden.GetProperty("dp").EnumerateObject().Select(mask => mask.Name)];

    [Theory]
    [MemberData(nameof(Masks))]
    public void Cut_of_a_mask_gives_the_authors_windows(string name)
    {
        JsonElement golden = Golden.GetProperty("dp").GetProperty(name);
        bool[][] mask = [.. golden.GetProperty("mask").EnumerateArray().Select(row => row.EnumerateArray().Select(bit => bit.GetInt32() == 1).ToArray())];

        AssertCut(mask, int.MaxValue, golden.GetProperty("segments"), golden.GetProperty("reduced").GetDouble());
        AssertCut(mask, 2, golden.GetProperty("segments_W2"), golden.GetProperty("reduced_W2").GetDouble());
    }

    [Fact]
    public void Cluster_of_twelve_points_gives_the_authors_centres()
    {
        JsonElement golden = Golden.GetProperty("dpc");
        int width = golden.GetProperty("d").GetInt32();
        float[] points = Lcg.Values(golden.GetProperty("seed").GetInt64(), golden.GetProperty("n").GetInt32() * width);
        var peaks = new DensityPeaks();

        peaks.Cluster(points, width, golden.GetProperty("C").GetInt32(), golden.GetProperty("k").GetInt32(), published: true);

        Assert.Equal(golden.GetProperty("centres_sorted").EnumerateArray().Select(centre => centre.GetInt32()), peaks.Centres.ToArray());
    }

    [Theory]
    [MemberData(nameof(Volumes))]
    public void Reduce_published_gives_the_authors_tokens(string name)
    {
        JsonElement golden = Golden.GetProperty("outer").GetProperty(name);
        Volume volume = VolumeOf(golden);
        var reduction = new HoliTomReduction();

        reduction.Reduce(volume.View, OptionsOf(golden) with { Published = true });

        Assert.Equal(Segments(golden.GetProperty("segments")), WindowsOf(reduction.Starts, volume.Frames));
        Assert.Equal(golden.GetProperty("reduced").GetDouble(), reduction.Saved);
        Assert.Equal(golden.GetProperty("r_prime").GetDouble(), reduction.Ratio, 1e-6);
        Assert.Equal(golden.GetProperty("out_tokens").GetInt32(), reduction.Count);
        double sum = 0, expected = golden.GetProperty("checksum_noise_off").GetDouble();
        foreach (float value in reduction.Features)
            sum += value;
        Assert.Equal(expected, sum, Math.Abs(expected) * 2e-3);
    }

    [Theory]
    [MemberData(nameof(Volumes))]
    public void Reduce_published_keeps_as_many_tokens_of_each_window_as_the_authors(string name)
    {
        JsonElement golden = Golden.GetProperty("outer").GetProperty(name);
        var reduction = new HoliTomReduction();

        reduction.Reduce(VolumeOf(golden).View, OptionsOf(golden) with { Published = true });

        foreach (JsonElement row in golden.GetProperty("rows_start_end_static_dynamic_out").EnumerateArray())
        {
            int first = row[0].GetInt32(), last = row[1].GetInt32();
            Assert.Equal(row[4].GetInt32(), reduction.Tokens.ToArray().Count(token => token.Frame >= first && token.Frame <= last));
        }
    }

    private static Volume VolumeOf(JsonElement golden) => Volume.Of(
        [.. golden.GetProperty("scene").EnumerateArray().Select(scene => scene.GetInt32())],
        golden.GetProperty("N").GetInt32(), golden.GetProperty("d").GetInt32(), golden.GetProperty("static_frac").GetDouble(), golden.GetProperty("noise").GetSingle());

    private static HoliTomOptions OptionsOf(JsonElement golden) =>
        new() { RetainRatio = golden.GetProperty("R").GetDouble(), Tau = golden.GetProperty("tau").GetDouble() };

    private static void AssertCut(bool[][] mask, int longest, JsonElement segments, double reduced)
    {
        int words = (mask[0].Length + 63) / 64, frames = mask.Length + 1;
        var still = new ulong[mask.Length * words];
        for (int frame = 0; frame < mask.Length; frame++)
        {
            for (int place = 0; place < mask[frame].Length; place++)
                still[frame * words + place / 64] |= mask[frame][place] ? 1ul << place : 0;
        }
        var segmentation = new TemporalSegmentation();
        segmentation.Cut(still, frames, words, longest);
        Assert.Equal(Segments(segments), WindowsOf(segmentation.Starts, frames));
        Assert.Equal(reduced, segmentation.Saved);
    }

    private static (int, int)[] Segments(JsonElement segments) => [.. segments.EnumerateArray().Select(segment => (segment[0].GetInt32(), segment[1].GetInt32()))];

    private static (int, int)[] WindowsOf(ReadOnlySpan<int> starts, int frames)
    {
        int[] edges = [.. starts, frames];
        return [.. edges.Zip(edges.Skip(1), (first, next) => (first, next - 1))];
    }
}
