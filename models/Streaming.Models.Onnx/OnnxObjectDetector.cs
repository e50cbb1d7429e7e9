using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Onnx.Tfjs;

namespace Streaming.Models.Onnx;

/// <summary>CenterNet on MobileNetV3 for the 80 COCO classes, converted from its TensorFlow.js files when it is loaded, which takes a few tenths of a second.</summary>
/// <remarks>Source: models/perception/README.md. Levels go in as they are, 0..255: scaled to 0..1 nothing is found.</remarks>
public sealed class OnnxObjectDetector : IObjectDetector
{
    private const int Side = 512, Stride = 4, MapSide = Side / Stride, Reaches = 4;
    private const string Images = "tower_0/images", Heat = "tower_0/keypoints", Reach = "tower_0/wh";

    private static readonly string[] Inputs = [Images];
    private static readonly string[] Outputs = [Heat, Reach];

    private readonly InferenceSession _session;
    private readonly RunOptions _run = new();
    private readonly Lock _turn = new();
    private readonly CenterNetPeaks _peaks;

    private OnnxObjectDetector(InferenceSession session)
    {
        _session = session;
        _peaks = new CenterNetPeaks(MapSide, Stride, Labels);
        GraphSignature.Require(
            session, "centernet",
            [new(Images, [TensorElementType.Float], [null, 3, Side, Side])],
            [new(Heat, [TensorElementType.Float], [null, null, null, null]), new(Reach, [TensorElementType.Float], [null, null, null, null])]);
    }

    public Letterbox Input { get; } = new(Side);

    public IReadOnlyList<string> Labels => CocoLabels.All;

    /// <param name="path">Of centernet.json; centernet.bin lies beside it.</param>
    /// <exception cref="InvalidModelException">The files cannot be used.</exception>
    public static OnnxObjectDetector Load(string path, OnnxOptions options) =>
        new(new SessionFactory(options).Open(TfjsConversion.Convert(TfjsGraph.Open(path), Images, Side, Outputs), path));

    /// <inheritdoc/>
    public IReadOnlyList<IReadOnlyList<Detection>> Detect(ReadOnlySpan<float> pixels, int pictures)
    {
        using var heat = new NativeTensor<float>(pictures, Labels.Count, MapSide, MapSide);
        using var reach = new NativeTensor<float>(pictures, Reaches, MapSide, MapSide);
        Run(pixels, pictures, heat, reach);
        var found = new IReadOnlyList<Detection>[pictures];
        int places = MapSide * MapSide;
        for (int i = 0; i < pictures; i++)
            found[i] = _peaks.Find(heat.Data.Slice(i * Labels.Count * places, Labels.Count * places), reach.Data.Slice(i * Reaches * places, Reaches * places));
        return found;
    }

    public void Dispose()
    {
        _run.Dispose();
        _session.Dispose();
    }

    /// <param name="heat">Receives [pictures, 80, 128, 128].</param>
    /// <param name="reach">Receives [pictures, 4, 128, 128].</param>
    internal unsafe void Run(ReadOnlySpan<float> pixels, int pictures, NativeTensor<float> heat, NativeTensor<float> reach)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(pictures);
        long values = (long)Input.Values * pictures;
        ArgumentOutOfRangeException.ThrowIfLessThan(pixels.Length, values);
        fixed (float* input = pixels)
        {
            using var images = OrtValue.CreateTensorValueWithData(
                OrtMemoryInfo.DefaultInstance, TensorElementType.Float, [pictures, 3, Side, Side], (nint)input, values * sizeof(float));
            lock (_turn)
                _session.Run(_run, Inputs, [images], Outputs, [heat.Value, reach.Value]);
        }
    }
}
