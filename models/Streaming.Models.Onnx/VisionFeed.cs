using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Families;

namespace Streaming.Models.Onnx;

/// <summary>The tensors that a vision encoder reads in one run; valid while the pixel_values stay where they are.</summary>
internal sealed class VisionFeed : IDisposable
{
    private readonly List<IDisposable> _owned = [];

    /// <param name="pixelValues">[frames, 3, height, width], not copied.</param>
    public unsafe VisionFeed(IReadOnlyList<VisionInput> inputs, float* pixelValues, int frames) =>
        Values = [.. inputs.Select(input => Tensor(input, (nint)pixelValues, frames))];

    /// <summary>In the order of the inputs.</summary>
    public OrtValue[] Values { get; }

    public void Dispose() => _owned.ForEach(tensor => tensor.Dispose());

    private OrtValue Tensor(VisionInput input, nint pixelValues, int frames)
    {
        long[] shape = input.Shape(frames);
        if (input.Content == VisionInputContent.PixelMask)
        {
            var mask = new NativeTensor<bool>(shape);
            mask.Data.Fill(true);
            _owned.Add(mask);
            return mask.Value;
        }
        long count = shape.Aggregate(1L, (all, size) => all * size);
        var pixels = OrtValue.CreateTensorValueWithData(
            OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, pixelValues, count * sizeof(float));
        _owned.Add(pixels);
        return pixels;
    }
}
