using Streaming.Compression;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;

namespace Streaming.Pipelines.Tests;

/// <summary>The vision encoder of the shipped model behind its preprocessing.</summary>
public sealed class FrameEncoderTests
{
    [Fact]
    public async Task EncodeAsync_result_does_not_depend_on_batching()
    {
        using var model = OnnxVideoLanguageModel.Load(ModelLibrary.Default().Find("scenes"));
        var encoder = new FrameEncoder(model.VisionEncoder, model.Folder.Preprocessor, new InferenceQueue(), InferenceClass.Keyframe);
        Frame[] frames = [.. Enumerable.Range(0, 7).Select(Draw)];

        VisualTokens[] together = await encoder.EncodeAsync(frames, default);
        for (int i = 0; i < frames.Length; i++)
        {
            VisualTokens alone = Assert.Single(await encoder.EncodeAsync([frames[i]], default));
            Assert.Equal(alone.Features.ToArray(), together[i].Features.ToArray());
            Assert.Equal(alone.Origins.ToArray(), together[i].Origins.ToArray());
            Assert.Equal(alone.Saliency.ToArray(), together[i].Saliency.ToArray());
        }
    }

    /// <summary>Noise and a disc, of a size of its own.</summary>
    private static Frame Draw(int number)
    {
        int width = 128 + 20 * number, height = 128;
        var pixels = new byte[width * height * 3];
        new Random(number).NextBytes(pixels);
        for (int y = 0; y < height; y++)
            for (int x = 0; x < width; x++)
                if (Math.Pow(x - 15 * number, 2) + Math.Pow(y - 64, 2) < 400)
                    pixels.AsSpan((y * width + x) * 3, 3).Fill((byte)(30 * number));
        return new Frame(pixels, width, height, TimeSpan.FromSeconds(number / 2.0), number, default);
    }
}
