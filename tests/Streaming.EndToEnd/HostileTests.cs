using Streaming.Attacks.Media;

namespace Streaming.EndToEnd;

/// <summary>A few of the hostile files of every kind; <c>./run bench security</c> sends all of them.</summary>
public sealed class HostileTests : IDisposable
{
    private const int OfEachKind = 2;

    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public async Task Serve_hostile_files_end_in_words_or_answers_and_reach_nothing()
    {
        Film[] films =
        [
            new("mp4", await File.ReadAllBytesAsync(await _cli.MakeAsync("good.mp4", "-f lavfi -i testsrc2=s=160x120:r=10 -t 2 -c:v libx264 -preset ultrafast"))),
            new("avi", await File.ReadAllBytesAsync(await _cli.MakeAsync("good.avi", "-f lavfi -i testsrc2=s=160x120:r=10 -t 2 -c:v mjpeg"))),
            new("mkv", await File.ReadAllBytesAsync(await _cli.MakeAsync("good.mkv", "-f lavfi -i testsrc2=s=160x120:r=10 -t 2 -c:v libx264 -preset ultrafast"))),
        ];
        await using var server = await _cli.ServeAsync();
        // No test asserts a speed; the bench does.
        using var trial = new HostileTrial(server) { Bound = TimeSpan.FromMinutes(1) };
        HostileFile[] all = [.. new HostileFiles(seed: 11, films, trial.Bait).All()];
        Assert.True(all.Length >= 150, $"{all.Length} files");
        var wrong = new List<string>();
        foreach (HostileFile file in all.GroupBy(file => file.Kind).SelectMany(kind => kind.Take(OfEachKind)))
        {
            if (await trial.RunAsync(file) is { } what)
                wrong.Add($"{file}: {what}");
        }
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }
}
