using System.Diagnostics;
using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests;

/// <summary>The text reader on pictures that the ffmpeg program wrote on.</summary>
public sealed class TextReaderTests : IDisposable
{
    private const int Width = 960, Height = 540;

    private static readonly string Weights = Path.Combine(TransformersJs.Repository(), "models", "perception", "node_modules", "@gutenye", "ocr-models", "assets");

    private readonly string _scratch = Directory.CreateTempSubdirectory("text-").FullName;
    private readonly OnnxTextReader _reader = OnnxTextReader.Load(Weights, new OnnxOptions());

    public void Dispose()
    {
        _reader.Dispose();
        Directory.Delete(_scratch, recursive: true);
    }

    [Fact]
    public void Read_of_printed_lines_gives_each_in_its_place()
    {
        (string Text, int X, int Y, int Size)[] lines = [("Platform 12", 60, 60, 40), ("EXIT ONLY", 500, 200, 28), ("2026-11-21 12 30 05", 620, 500, 20), ("no parking", 100, 400, 16)];
        IReadOnlyList<TextLine> read = _reader.Read(Picture(lines), Width, Height);
        Assert.Equal(lines.OrderBy(line => line.Y).Select(line => Bare(line.Text)), read.Select(line => Bare(line.Text)));
        foreach (var (text, x, y, size) in lines)
        {
            TextLine found = read.Single(line => Bare(line.Text) == Bare(text));
            Assert.InRange(found.Box.Left * Width, x - size, x + size);
            Assert.InRange(found.Box.CentreY * Height, y, y + size);
            Assert.InRange(found.Score, 0.8, 1);
        }
    }

    [Fact]
    public void Read_of_an_empty_wall_gives_nothing() => Assert.Empty(_reader.Read(Picture(), Width, Height));

    [Fact]
    public void Load_of_an_empty_folder_says_so() => Assert.Throws<InvalidModelException>(() => OnnxTextReader.Load(_scratch, new OnnxOptions()));

    private static string Bare(string text) => text.Replace(" ", "", StringComparison.Ordinal);

    private byte[] Picture(params (string Text, int X, int Y, int Size)[] lines)
    {
        string file = Path.Combine(_scratch, "picture.rgb");
        string filter = string.Join(',', lines.Select(line => $"drawtext=text='{line.Text}':x={line.X}:y={line.Y}:fontsize={line.Size}:fontcolor=white").Prepend("null"));
        using Process ffmpeg = Process.Start("ffmpeg",
            ["-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", $"color=0x304050:s={Width}x{Height}", "-vf", filter, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", file]);
        ffmpeg.WaitForExit();
        Assert.Equal(0, ffmpeg.ExitCode);
        return File.ReadAllBytes(file);
    }
}
