using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Families;

namespace Streaming.Models.Onnx;

/// <summary>The tensors that a vision encoder reads in one run; valid while the pixel_values stay where they are.</summary>
internal sealed class VisionFeed : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    private readonly VisionShape _shape;
    private readonly int _frames;
    private readonly nint _pixelValues;

    /// <param name="pixelValues">[frames, 3, height, width], not copied where the encoder reads them as they are.</param>
    public unsafe VisionFeed(IReadOnlyList<VisionInput> inputs, VisionShape shape, float* pixelValues, int frames)
    {
        (_shape, _frames, _pixelValues) = (shape, frames, (nint)pixelValues);
        Values = [.. inputs.Select(Tensor)];
    }

    /// <summary>In the order of the inputs.</summary>
    public OrtValue[] Values { get; }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private OrtValue Tensor(VisionInput input) => input.Content switch
    {
        VisionInputContent.PixelMask => Own<bool>(input, mask => mask.Fill(true)),
        VisionInputContent.Patches => Own<float>(input, rows => input.Cut!.Cut(PixelValues, _shape.ImageHeight, _shape.ImageWidth, rows)),
        VisionInputContent.PatchGrids => Own<long>(input, grids =>
        {
            for (int frame = 0; frame < _frames; frame++)
                input.Grid.CopyTo(grids[(frame * input.Grid.Length)..]);
        }),
        _ => View(input),
    };

    private unsafe ReadOnlySpan<float> PixelValues => new((float*)_pixelValues, checked(3 * _shape.ImageHeight * _shape.ImageWidth * _frames));

    private OrtValue Own<T>(VisionInput input, Fill<T> fill)
        where T : unmanaged
    {
        var tensor = new NativeTensor<T>(input.Shape(_frames));
        _owned.Add(tensor);
        fill(tensor.Data);
        return tensor.Value;
    }

    private OrtValue View(VisionInput input)
    {
        var pixels = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, input.Shape(_frames), _pixelValues, PixelValues.Length * sizeof(float));
        _owned.Add(pixels);
        return pixels;
    }

    private delegate void Fill<T>(Span<T> data);
}
