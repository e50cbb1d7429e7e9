using System.Diagnostics;
using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Tfjs;
using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests;

public sealed class ObjectDetectorTests : IDisposable
{
    private const int Side = 512, Map = 128;

    private static readonly string Package = Path.Combine(TransformersJs.Repository(), "models", "perception", "node_modules", "@vladmandic", "human");

    private readonly string _scratch = Directory.CreateTempSubdirectory("detector-").FullName;
    private readonly OnnxObjectDetector _detector = OnnxObjectDetector.Load(Path.Combine(Package, "models", "centernet.json"), new OnnxOptions());

    public void Dispose()
    {
        _detector.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    [Fact]
    public void Network_converted_gives_what_the_source_framework_gives()
    {
        byte[] rgb = Frame(seconds: 5, $"scale={Side}:{Side}");
        float[] expected = InTensorFlowJs(rgb);
        var pixels = new float[_detector.Input.Values];
        _detector.Input.Fill(rgb, Side, Side, pixels);
        using var heat = new NativeTensor<float>(1, 80, Map, Map);
        using var reach = new NativeTensor<float>(1, 4, Map, Map);
        _detector.Run(pixels, 1, heat, reach);
        Assert.InRange(Distance(heat.Data, expected.AsSpan(0, 80 * Map * Map), 80), 0, 1e-4);
        Assert.InRange(Distance(reach.Data, expected.AsSpan(80 * Map * Map), 4), 0, 0.05);
        Assert.Contains(heat.Data.ToArray(), value => value > 0.3f);
    }

    [Fact]
    public void Detect_of_people_on_a_path_finds_most_of_them()
    {
        IReadOnlyList<Detection> found = Assert.Single(Detect(Frame(seconds: 5, "scale=512:384")));
        IReadOnlyList<Detection> people = [.. found.Where(one => one.Score >= 0.35 && one.Label == "person")];
        Assert.InRange(people.Count, 5, 9); // seven stand apart from one another
        Assert.Equal(found.OrderByDescending(one => one.Score), found);
    }

    [Fact]
    public void Detect_of_several_pictures_at_once_finds_the_same_as_one_by_one()
    {
        byte[][] pictures = [Frame(seconds: 5, "scale=512:384"), Frame(seconds: 20, "scale=512:384")];
        IReadOnlyList<IReadOnlyList<Detection>> together = Detect(pictures);
        for (int i = 0; i < pictures.Length; i++)
        {
            IReadOnlyList<Detection> alone = Detect(pictures[i])[0];
            Assert.Equal(alone.Select(found => found.Label), together[i].Select(found => found.Label));
            Assert.All(alone.Zip(together[i]), pair => Assert.Equal(pair.First.Score, pair.Second.Score, 1e-4));
        }
    }

    [Fact]
    public void Load_of_what_is_no_network_says_so()
    {
        string file = Path.Combine(_scratch, "model.json");
        Assert.Throws<InvalidModelException>(() => OnnxObjectDetector.Load(file, new OnnxOptions()));
        File.WriteAllText(file, "{}");
        Assert.Throws<InvalidModelException>(() => OnnxObjectDetector.Load(file, new OnnxOptions()));
        File.WriteAllText(file, """{"modelTopology":{"node":[{"name":"x","op":"Placeholder"},{"name":"y","op":"Erf","input":["x"]}]},"weightsManifest":[]}""");
        var error = Assert.Throws<InvalidModelException>(() => TfjsConversion.Convert(TfjsGraph.Open(file), "x", 8, "y"));
        Assert.Contains("Erf", error.Message, StringComparison.Ordinal);
    }

    private IReadOnlyList<IReadOnlyList<Detection>> Detect(params byte[][] pictures)
    {
        var pixels = new float[pictures.Length * _detector.Input.Values];
        for (int i = 0; i < pictures.Length; i++)
            _detector.Input.Fill(pictures[i], 512, 384, pixels.AsSpan(i * _detector.Input.Values));
        return _detector.Detect(pixels, pictures.Length);
    }

    private float[] InTensorFlowJs(byte[] rgb)
    {
        string pictures = Path.Combine(_scratch, "pictures"), result = Path.Combine(_scratch, "out");
        File.WriteAllBytes(pictures, rgb);
        Run("node", Path.Combine(TransformersJs.Folder, "detector.mjs"), Package, pictures, result);
        return MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(result)).ToArray();
    }

    /// <summary>A frame of Debian's film of people on a campus path, RGB24.</summary>
    private byte[] Frame(int seconds, string filter)
    {
        string file = Path.Combine(_scratch, $"{seconds}.rgb");
        Run("ffmpeg", "-nostdin", "-v", "error", "-y", "-ss", $"{seconds}", "-i", "/usr/share/doc/opencv-doc/examples/data/vtest.avi",
            "-frames:v", "1", "-vf", filter, "-pix_fmt", "rgb24", "-f", "rawvideo", file);
        return File.ReadAllBytes(file);
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        string error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program}: {error[..Math.Min(error.Length, 2000)]}{output.Result}");
    }

    /// <summary>The largest difference; one is [channels, 128, 128], the other [128, 128, channels].</summary>
    private static double Distance(ReadOnlySpan<float> planar, ReadOnlySpan<float> interleaved, int channels)
    {
        double most = 0;
        for (int place = 0; place < Map * Map; place++)
            for (int channel = 0; channel < channels; channel++)
                most = Math.Max(most, Math.Abs(planar[channel * Map * Map + place] - interleaved[place * channels + channel]));
        return most;
    }
}
