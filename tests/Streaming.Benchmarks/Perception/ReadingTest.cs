using Streaming.Models;
using Streaming.World;

namespace Streaming.Benchmarks.Perception;

/// <summary>Lines of print on a real picture, read by the text reader.</summary>
internal static class ReadingTest
{
    private const int Lines = 4;

    private static readonly string[] Words = ["PLATFORM", "EXIT", "open", "daily", "Camera", "North", "gate", "SALE", "Bus", "stop", "No", "parking", "Zone", "room", "Level", "Kiosk"];

    /// <returns>How many of how many lines were read exactly, spaces left out, and the processor time of one picture.</returns>
    public static (int Right, int Lines, TimeSpan Each) Measure(ITextReader reader, byte[] backdrop, int pictures, ulong seed)
    {
        var dice = new Dice(seed);
        int right = 0;
        TimeSpan spent = TimeSpan.Zero;
        for (int i = 0; i < pictures; i++)
        {
            string[] lines = [.. Enumerable.Range(0, Lines).Select(_ => $"{dice.Pick(Words)} {dice.Pick(Words)} {dice.Between(1, 99)}")];
            byte[] picture = Print(backdrop, lines, dice);
            var before = ProcessorTime.Now();
            HashSet<string> read = [.. reader.Read(picture, CutOuts.Width, CutOuts.Height).Select(line => Bare(line.Text))];
            spent += ProcessorTime.Now() - before;
            right += lines.Count(line => read.Contains(Bare(line)));
        }
        return (right, pictures * Lines, spent / pictures);
    }

    /// <summary>White on dark plates, from 16 to 36 pixels high.</summary>
    private static byte[] Print(byte[] backdrop, string[] lines, Dice dice)
    {
        string from = Path.Combine(BenchRun.CacheFolder, "plain.rgb"), to = Path.Combine(BenchRun.CacheFolder, "printed.rgb");
        File.WriteAllBytes(from, backdrop);
        string filter = string.Join(',', lines.Select((line, i) =>
            $"drawtext=text='{line}':x={dice.Between(10, 300)}:y={30 + i * 130 + dice.Between(0, 60)}:fontsize={dice.Between(16, 36)}:fontcolor=white:box=1:boxcolor=0x203040:boxborderw=6"));
        Ffmpeg.Run(["-f", "rawvideo", "-pix_fmt", "rgb24", "-video_size", $"{CutOuts.Width}x{CutOuts.Height}", "-i", from, "-vf", filter, "-frames:v", "1", "-pix_fmt", "rgb24", "-f", "rawvideo", to]);
        byte[] printed = File.ReadAllBytes(to);
        File.Delete(from);
        File.Delete(to);
        return printed;
    }

    private static string Bare(string text) => text.Replace(" ", "", StringComparison.Ordinal);
}
