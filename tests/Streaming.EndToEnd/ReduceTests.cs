using System.Runtime.InteropServices;
using System.Text;
using Streaming.Compression.Tests.HoliTom;

namespace Streaming.EndToEnd;

public sealed class ReduceTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Reduce_golden_volume_gives_the_authors_windows_and_count()
    {
        // Golden case A: eight frames of sixteen tokens, two scenes, half of the places still; 38 tokens by the authors' rounding.
        string features = Array("X.npy", "<f4", "(8, 16, 32)", TwoScenes());
        string saliency = Array("A.npy", "<f4", "(8, 16)", [.. Lcg.Values(777, 128).Select(value => value + 0.5f)]);
        string output = Path.Combine(_cli.Folder, "O.npy");

        var result = await _cli.RunAsync(
            "reduce", features, "--saliency", saliency, "--policy", "holitom", "--published", "--retain", "0.25", "--tau", "0.8", "--out", output, "--json");

        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Equal("[[0,3],[4,7]]", result.Json.GetProperty("segments").GetRawText());
        Assert.Equal(48, result.Json.GetProperty("reduced").GetInt32());
        Assert.Equal(128, result.Json.GetProperty("tokens_in").GetInt32());
        Assert.Equal(38, result.Json.GetProperty("tokens_out").GetInt32());
        float[] kept = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(output).AsSpan(128)).ToArray();
        Assert.Equal(38 * 32, kept.Length);
        Assert.Equal(7.56, kept.Sum(value => (double)value), 0.02);
    }

    [Theory]
    [InlineData("holitom")]
    [InlineData("holitom-causal")]
    [InlineData("dtd")]
    [InlineData("none")]
    [InlineData("divprune")]
    [InlineData("pool")]
    public async Task Reduce_by_any_policy_keeps_within_its_share(string policy)
    {
        var result = await _cli.RunAsync("reduce", Array("X.npy", "<f4", "(8, 16, 32)", TwoScenes()), "--policy", policy, "--retain", "0.25", "--json");

        Assert.Equal(0, result.ExitCode);
        Assert.InRange(result.Json.GetProperty("tokens_out").GetInt32(), 1, 32);
    }

    [Theory]
    [InlineData("<f8", "(8, 16, 32)", "float32")]
    [InlineData("<f4", "(8, 16)", "[frames, places, width]")]
    [InlineData("<f4", "(8, 16, 33)", "announces")]
    [InlineData("<f4", "(0, 16, 32)", "announces")]
    [InlineData("<f4", "(-8, 16, 32)", "shape")]
    [InlineData("<f4", "(99999999999, 16, 32)", "shape")]
    public async Task Reduce_of_another_array_says_what_is_wrong(string type, string shape, string expected)
    {
        var result = await _cli.RunAsync("reduce", Array("X.npy", type, shape, shape == "(8, 16)" ? new float[128] : TwoScenes()));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains(expected, Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Reduce_of_numbers_that_are_not_finite_is_refused()
    {
        float[] values = TwoScenes();
        values[7] = float.NaN;
        var result = await _cli.RunAsync("reduce", Array("X.npy", "<f4", "(8, 16, 32)", values));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("finite", Assert.Single(result.ErrorLines));
    }

    [Fact]
    public async Task Reduce_of_what_is_no_array_is_refused()
    {
        string text = Path.Combine(_cli.Folder, "X.npy");
        File.WriteAllText(text, "1, 2, 3");
        var result = await _cli.RunAsync("reduce", text);

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("no NumPy array", Assert.Single(result.ErrorLines));
    }

    public void Dispose() => _cli.Dispose();

    private string Array(string name, string type, string shape, float[] values)
    {
        string path = Path.Combine(_cli.Folder, name);
        byte[] header = Encoding.ASCII.GetBytes($"{{'descr': '{type}', 'fortran_order': False, 'shape': {shape}, }}".PadRight(117) + "\n");
        File.WriteAllBytes(path, [0x93, .. "NUMPY"u8, 1, 0, (byte)header.Length, 0, .. header, .. MemoryMarshal.AsBytes(values.AsSpan())]);
        return path;
    }

    /// <summary>Golden case A.</summary>
    private static float[] TwoScenes() => Volume.Of([0, 0, 0, 0, 1, 1, 1, 1], 16, 32, still: 0.5, noise: 0.05f).Features;
}
