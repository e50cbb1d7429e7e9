using System.Diagnostics;
using Streaming.Models;
using Streaming.Models.Speech;

namespace Streaming.Pipelines.Tests;

/// <summary>Writes one word for everything that it is given.</summary>
public sealed class FakeRecognizer : ISpeechRecognizer
{
    public double LogProbability { get; set; } = -0.5;

    public bool Fails { get; set; }

    public string Name => "fake";

    public SpeechShape Sound { get; } = new(80, VoiceActivity.SampleRate, 400, 160, 30 * VoiceActivity.SampleRate);

    public Transcript Transcribe(ReadOnlySpan<float> sound, CancellationToken cancellation = default) => Fails
        ? throw new InvalidDataException("broken recogniser")
        : new Transcript("en", [new SpokenLine(TimeSpan.Zero, TimeSpan.FromSeconds((double)sound.Length / Sound.SampleRate), "word")], [1], LogProbability);

    public void Dispose()
    {
    }

    /// <summary>Six seconds of a test card with a voice from second 2 to 3.5.</summary>
    /// <param name="folder">Where the ffmpeg program makes it.</param>
    public static async Task<string> FilmAsync(string folder)
    {
        string film = Path.Combine(folder, "voice.mkv"), voice = string.Join('+', Enumerable.Range(1, 7).Select(n => $"0.1/{n}*sin(2*PI*{120 * n}*t)*between(t,2,3.5)"));
        using var ffmpeg = Process.Start("ffmpeg",
            ["-v", "error", "-nostdin", "-y", "-f", "lavfi", "-i", "testsrc2=s=160x120:r=10:d=6", "-f", "lavfi", "-i", $"aevalsrc='{voice}+0.002*(random(0)-0.5)':s=48000:d=6", "-c:v", "libx264", "-c:a", "flac", film]);
        await ffmpeg.WaitForExitAsync();
        return ffmpeg.ExitCode == 0 ? film : throw new InvalidOperationException($"ffmpeg ended with {ffmpeg.ExitCode}.");
    }
}
