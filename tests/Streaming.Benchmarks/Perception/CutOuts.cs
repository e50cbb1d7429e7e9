using Streaming.Models;
using Streaming.World;

namespace Streaming.Benchmarks.Perception;

/// <summary>A thing cut out of a real picture.</summary>
/// <param name="Rgb">[height, width, 3].</param>
/// <param name="Mask">[height, width]: which pixels are the thing.</param>
internal sealed record CutOut(int Width, int Height, byte[] Rgb, bool[] Mask);

/// <summary>
/// The footage that films are composed from: people on a campus path and the path without them, out of vtest.avi of Debian's package
/// opencv-doc 4.6.0 (OpenCV's sample data; Apache-2.0 and BSD-3-Clause, see its copyright file). Nothing of it is in the repository.
/// </summary>
/// <remarks>People are cut where the detector is sure of one who stands apart, by what differs there from the median of the film: a bench
/// of the tracker and the counting, not of the detector's recall.</remarks>
internal sealed record CutOuts(byte[] Backdrop, IReadOnlyList<CutOut> People)
{
    public const int Width = 768, Height = 576;

    private const string Film = "/usr/share/doc/opencv-doc/examples/data/vtest.avi";

    // One picture in two seconds: people have walked on by then.
    private const int PictureBytes = Width * Height * 3, SecondsBetween = 2;

    private const float Sure = 0.5f;
    private const int LeastHeight = 56, LeastDifference = 30;

    /// <exception cref="IOException">The package is not installed.</exception>
    public static CutOuts Read(IObjectDetector detector)
    {
        byte[][] pictures = Pictures();
        byte[] backdrop = Median(pictures);
        var people = new List<CutOut>();
        var pixels = new float[detector.Input.Values];
        foreach (byte[] picture in pictures)
        {
            detector.Input.Fill(picture, Width, Height, pixels);
            IReadOnlyList<Detection> found = [.. detector.Detect(pixels, 1)[0].Select(one => one with { Box = detector.Input.Restore(one.Box, Width, Height) })];
            foreach (Detection one in found.Where(one => one.Label == "person" && one.Score >= Sure && one.Box.Height * Height >= LeastHeight))
                if (found.All(other => ReferenceEquals(other, one) || one.Box.Intersect(other.Box) is not { Width: > 0, Height: > 0 }) && Cut(picture, backdrop, one.Box) is { } cut)
                    people.Add(cut);
        }
        return people.Count >= 12 ? new CutOuts(backdrop, people) : throw new InvalidOperationException($"Only {people.Count} people could be cut out of {Film}.");
    }

    private static byte[][] Pictures()
    {
        if (!File.Exists(Film))
            throw new InvalidOperationException($"{Film} is missing: install the Debian package opencv-doc (./test does).");
        string raw = Path.Combine(BenchRun.CacheFolder, "vtest.rgb");
        Ffmpeg.Run(["-i", Film, "-vf", $"fps=1/{SecondsBetween}", "-pix_fmt", "rgb24", "-f", "rawvideo", raw]);
        byte[] all = File.ReadAllBytes(raw);
        File.Delete(raw);
        return [.. Enumerable.Range(0, all.Length / PictureBytes).Select(i => all[(i * PictureBytes)..((i + 1) * PictureBytes)])];
    }

    private static byte[] Median(byte[][] pictures)
    {
        var median = new byte[PictureBytes];
        var column = new byte[pictures.Length];
        for (int i = 0; i < median.Length; i++)
        {
            for (int p = 0; p < pictures.Length; p++)
                column[p] = pictures[p][i];
            Array.Sort(column);
            median[i] = column[column.Length / 2];
        }
        return median;
    }

    /// <summary>Null where what differs from the backdrop does not look like one who fills the box.</summary>
    private static CutOut? Cut(byte[] picture, byte[] backdrop, Box box)
    {
        int left = (int)(box.Left * Width), top = (int)(box.Top * Height), width = (int)(box.Width * Width), height = (int)(box.Height * Height);
        if (left < 4 || top < 4 || left + width > Width - 4 || top + height > Height - 4)
            return null;
        var rgb = new byte[width * height * 3];
        var mask = new bool[width * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int from = ((top + y) * Width + left + x) * 3, to = (y * width + x) * 3;
                picture.AsSpan(from, 3).CopyTo(rgb.AsSpan(to));
                mask[y * width + x] = Math.Abs(picture[from] - backdrop[from]) + Math.Abs(picture[from + 1] - backdrop[from + 1]) + Math.Abs(picture[from + 2] - backdrop[from + 2]) > LeastDifference;
            }
        }
        double share = mask.Count(cell => cell) / (double)mask.Length;
        return share is > 0.35 and < 0.85 ? new CutOut(width, height, rgb, mask) : null;
    }
}
