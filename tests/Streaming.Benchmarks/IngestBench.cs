using System.Diagnostics;
using Streaming.Contracts;
using Streaming.Server;
using Streaming.World;

namespace Streaming.Benchmarks;

/// <summary>How fast an uploaded film is read, through the whole line: decoding, keyframes, encoder, reducer, memory, archive.</summary>
internal static class IngestBench
{
    /// <summary>Five minutes and ten seconds: the goal asks for at least five.</summary>
    private const int FilmSeconds = 310;

    /// <summary>Encoded once and repeated without encoding again.</summary>
    private const int PieceSeconds = 62;

    public static Bench Bench { get; } = new("ingest", "how much faster than it plays an uploaded film is read", MeasureAsync);

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchRun run, CancellationToken cancellation)
    {
        string film = Film(run.Seed), data = Directory.CreateTempSubdirectory("streaming-ingest-").FullName;
        try
        {
            var settings = Settings.FromEnvironment() with { DataFolder = data, Cameras = [] };
            await using var directory = await LocalDirectory.OpenAsync(
                settings, VideoModel.Load(settings), new LocalDirectoryOptions { Decoder = DecoderProcessOfThis.Options });
            BenchRun.Progress("ingest: reading the film");
            var before = ProcessorTime.Now();
            long start = Stopwatch.GetTimestamp();
            FileDocument read = await ReadAsync(directory, film, cancellation);
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            return
            [
                new("file_speed_over_realtime", read.DurationSeconds!.Value / seconds, "ratio", null, $"{read.Frames.Kept} keyframes of {read.Frames.Sampled} frames looked at"),
                new("seconds", seconds, "s"),
                new("cpu_seconds", (ProcessorTime.Now() - before).TotalSeconds, "s"),
            ];
        }
        finally
        {
            Directory.Delete(data, recursive: true);
        }
    }

    private static async Task<FileDocument> ReadAsync(LocalDirectory directory, string film, CancellationToken cancellation)
    {
        await using FileStream content = File.OpenRead(film);
        Outcome<FileDocument> added = await directory.AddFileAsync(Path.GetFileName(film), content, cancellation);
        FileDocument file = added.Value ?? throw new InvalidOperationException($"The film was refused: {added.Problem!.Detail}");
        while (file.State is FileState.Queued or FileState.Ingesting)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellation);
            file = (await directory.FileAsync(file.Id, cancellation)).Value!;
        }
        return file.State == FileState.Ready ? file : throw new InvalidOperationException($"The film was not read: {file.Problem}");
    }

    /// <summary>A rendered scene in 1080p25 with a little sensor noise at the 4 Mbit/s of a good camera, an intra frame every two seconds.</summary>
    private static string Film(ulong seed)
    {
        var film = Path.Combine(BenchRun.CacheFolder, $"ingest_scenes_{seed}_1080p25_{FilmSeconds}s.mp4");
        if (File.Exists(film))
            return film;
        BenchRun.Progress("ingest: rendering and encoding the film, once");
        string scene = Path.ChangeExtension(film, ".scene.mp4"), piece = Path.ChangeExtension(film, ".piece.mp4"), whole = Path.ChangeExtension(film, ".part.mp4");
        FilmFile.Write(Director.Direct(seed, Split.Test), scene);
        Ffmpeg.Run(
        [
            "-stream_loop", "-1", "-i", scene, "-t", $"{PieceSeconds}", "-vf", "fps=25,scale=1920:1080:flags=neighbor,setsar=1,noise=alls=6:allf=t",
            "-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-b:v", "4M", "-maxrate", "6M", "-bufsize", "8M", "-g", "50", piece,
        ]);
        Ffmpeg.Run(["-stream_loop", $"{FilmSeconds / PieceSeconds - 1}", "-i", piece, "-c", "copy", whole]);
        File.Move(whole, film);
        foreach (string leftover in (string[])[scene, Path.ChangeExtension(scene, ".json"), piece])
            File.Delete(leftover);
        return film;
    }
}
