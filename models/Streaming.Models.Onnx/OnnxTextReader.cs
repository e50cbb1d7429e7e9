using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>PP-OCRv4: a network that finds lines of text, and one that reads them. Source: models/perception/README.md.</summary>
public sealed class OnnxTextReader : ITextReader
{
    // Both networks want B, G, R. The detector's mean and deviation are ImageNet's, in that order all the same, as it was trained.
    private static readonly double[] Mean = [0.485, 0.456, 0.406], Deviation = [0.229, 0.224, 0.225];

    private const int LongestSide = 960, SideStep = 32, LineHeight = 48, LongestLine = 1200, MostLines = 16;

    // Less sure lines are guesses at texture.
    private const float LeastScore = 0.6f;

    private readonly InferenceSession _finder, _reader;
    private readonly RunOptions _run = new();
    private readonly Lock _turn = new();
    private readonly CtcText _text;

    private OnnxTextReader(InferenceSession finder, InferenceSession reader, CtcText text)
    {
        (_finder, _reader, _text) = (finder, reader, text);
        GraphSignature.Require(finder, "ch_PP-OCRv4_det_infer", [new("x", [TensorElementType.Float], [null, 3, null, null])], []);
        GraphSignature.Require(reader, "ch_PP-OCRv4_rec_infer", [new("x", [TensorElementType.Float], [null, 3, LineHeight, null])], []);
    }

    /// <param name="folder">With the two networks and ppocr_keys_v1.txt.</param>
    /// <exception cref="InvalidModelException">A file is missing or cannot be used.</exception>
    public static OnnxTextReader Load(string folder, OnnxOptions options)
    {
        var sessions = new SessionFactory(options);
        try
        {
            string[] keys = File.ReadAllLines(Path.Combine(folder, "ppocr_keys_v1.txt"));
            return new OnnxTextReader(
                sessions.Open(Path.Combine(folder, "ch_PP-OCRv4_det_infer.onnx")), sessions.Open(Path.Combine(folder, "ch_PP-OCRv4_rec_infer.onnx")), new CtcText(keys));
        }
        catch (IOException e)
        {
            throw new InvalidModelException($"The text reader cannot be loaded: {e.Message}", e);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<TextLine> Read(ReadOnlySpan<byte> rgb, int width, int height)
    {
        lock (_turn)
        {
            var lines = new List<TextLine>();
            foreach (Box box in Find(rgb, width, height))
            {
                var (text, score) = ReadLine(rgb, width, height, box);
                if (text.Length > 0 && score >= LeastScore)
                    lines.Add(new TextLine(box, text, score));
            }
            return lines;
        }
    }

    public void Dispose()
    {
        _run.Dispose();
        _finder.Dispose();
        _reader.Dispose();
    }

    private IReadOnlyList<Box> Find(ReadOnlySpan<byte> rgb, int width, int height)
    {
        double scale = Math.Min(1, LongestSide / (double)Math.Max(width, height));
        int across = Rounded(width * scale), down = Rounded(height * scale);
        using var pixels = Planes(rgb, width, height, across, down, (value, channel) => (float)((value / 255.0 - Mean[channel]) / Deviation[channel]));
        using OrtValue likely = Run(_finder, pixels);
        return TextRegions.Find(likely.GetTensorDataAsSpan<float>(), across, down, MostLines);
    }

    private (string Text, float Score) ReadLine(ReadOnlySpan<byte> rgb, int width, int height, Box box)
    {
        int left = (int)(box.Left * width), top = (int)(box.Top * height);
        int across = Math.Max(1, (int)Math.Ceiling(box.Right * width) - left), down = Math.Max(1, (int)Math.Ceiling(box.Bottom * height) - top);
        across = Math.Min(across, width - left);
        down = Math.Min(down, height - top);
        if (across < 1 || down < 1)
            return ("", 0);
        var crop = new byte[across * down * 3];
        for (int row = 0; row < down; row++)
            rgb.Slice(((top + row) * width + left) * 3, across * 3).CopyTo(crop.AsSpan(row * across * 3));
        int lineWidth = Math.Clamp((int)Math.Ceiling(LineHeight * across / (double)down), LineHeight, LongestLine);
        using var pixels = Planes(crop, across, down, lineWidth, LineHeight, (value, _) => value / 127.5f - 1);
        using OrtValue characters = Run(_reader, pixels);
        return _text.Read(characters.GetTensorDataAsSpan<float>());
    }

    private OrtValue Run(InferenceSession session, NativeTensor<float> pixels) =>
        session.Run(_run, ["x"], [pixels.Value], [session.OutputNames[0]])[0];

    /// <summary>[1, 3, height, width] in the order B, G, R.</summary>
    private static NativeTensor<float> Planes(ReadOnlySpan<byte> rgb, int sourceWidth, int sourceHeight, int width, int height, Func<byte, int, float> normalise)
    {
        var scaled = new byte[width * height * 3];
        new PilResizer(ResizeFilter.Bilinear, sourceWidth, sourceHeight, width, height).Resize(rgb, scaled);
        var planes = new NativeTensor<float>(1, 3, height, width);
        Span<float> values = planes.Data;
        for (int i = 0; i < width * height; i++)
            for (int channel = 0; channel < 3; channel++)
                values[channel * width * height + i] = normalise(scaled[i * 3 + 2 - channel], channel);
        return planes;
    }

    private static int Rounded(double side) => Math.Max(SideStep, (int)Math.Round(side / SideStep) * SideStep);
}
