using Streaming.Compression;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Video;

namespace Streaming.Pipelines.Tests;

/// <summary>Perception beside the writing half, on a film that the ffmpeg program made.</summary>
public sealed class StreamPerceptionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-perception-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task RunAsync_film_with_a_square_that_crosses_it_notes_one_thing_and_its_way()
    {
        await using var line = new DetectionLine(new BrightThingDetector());
        var perception = new StreamPerception(line, new PerceptionOptions(), () => [new Zone("gate", [new(0.5f, 0), new(0.5f, 1)])]);
        var report = await RunAsync(perception);
        Assert.Equal(0, report.FramesDropped);
        NotebookSnapshot notes = perception.Notes;
        ClassTotal car = Assert.Single(notes.Totals).Value;
        Assert.Equal(("car", 1, 1), (car.Label, car.SoFar, car.AtMost));
        Assert.Contains(notes.Notes, note => note.Fact.Kind == FactKind.Cross && note.Fact.Detail == "gate backwards");
        Assert.Equal((50, 0), (perception.Account.Looked, perception.Account.Dropped));
        Assert.True(perception.Heat.Seconds().Sum() > 3);
        Assert.Null(perception.Problem);
    }

    [Fact]
    public async Task RunAsync_with_perception_gives_the_selector_its_own_rate()
    {
        await using var line = new DetectionLine(new BrightThingDetector());
        var report = await RunAsync(new StreamPerception(line, new PerceptionOptions(), () => []), out VideoStream stream);
        Assert.Equal(50, report.Decode.Progress.Sampled);
        Assert.Equal(20, stream.Account.Sampled);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(1.5, 4.5)]
    [InlineData(3, 3)]
    public async Task OfFilm_that_is_perceived_decodes_a_whole_multiple_of_what_memory_looks_at(double sampled, double decoded)
    {
        await using var line = new DetectionLine(new BrightThingDetector());
        var decode = new DecodeRequest { FramesPerSecond = sampled };
        SourceRun plain = SourceRun.OfFilm(new FileSource("film.mp4"), decode, null);
        SourceRun perceived = SourceRun.OfFilm(new FileSource("film.mp4"), decode, new StreamPerception(line, new PerceptionOptions(), () => []));
        Assert.Equal((decode, null), (plain.Decode, plain.Sampling));
        Assert.Equal((decoded, sampled, null), (perceived.Decode.FramesPerSecond, perceived.Sampling, perceived.NotedUntil));
    }

    [Fact]
    public async Task RunAsync_faulty_detector_ends_perception_and_not_the_stream()
    {
        await using var line = new DetectionLine(new BrightThingDetector(_ => throw new InvalidDataException("broken detector")));
        var perception = new StreamPerception(line, new PerceptionOptions(), () => []);
        var report = await RunAsync(perception);
        Assert.Null(report.Decode.Failure);
        Assert.True(report.KeyframesKept > 0);
        Assert.Contains("broken detector", perception.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_after_a_run_numbers_on_and_counts_on()
    {
        await using var line = new DetectionLine(new BrightThingDetector());
        var first = new StreamPerception(line, new PerceptionOptions(), () => []);
        await RunAsync(first);
        var second = new StreamPerception(line, new PerceptionOptions(), () => [], first.Notes);
        await RunAsync(second);
        Assert.Equal(2, second.Notes.Totals["car"].SoFar);
        Assert.Equal(2, second.Notes.LastNumber);
    }

    [Fact]
    public async Task RunAsync_with_a_reader_notes_what_it_reads()
    {
        await using var line = new DetectionLine(new BrightThingDetector());
        using var reading = new ReadingLine(new OneLineReader());
        var perception = new StreamPerception(line, new PerceptionOptions(), () => [], reader: reading);
        await RunAsync(perception);
        Note text = Assert.Single(perception.Notes.Notes, note => note.Fact.Kind == FactKind.Text);
        Assert.Equal("160 x 120", text.Fact.Detail);
        Assert.Equal(TimeSpan.Zero, text.From);
        Assert.Null(perception.Problem);
    }

    [Fact]
    public async Task DetectAsync_of_several_that_wait_runs_them_together()
    {
        using var gate = new SemaphoreSlim(0);
        var runs = new List<int>();
        var detector = new BrightThingDetector(pictures =>
        {
            runs.Add(pictures);
            if (runs.Count == 1)
                gate.Wait();
        });
        Frame[] frames = [.. Enumerable.Range(0, 4).Select(i => new Frame([.. Enumerable.Repeat((byte)255, 12)], 2, 2, TimeSpan.FromSeconds(i), i, default))];
        await using (var line = new DetectionLine(detector))
        {
            Task<IReadOnlyList<Detection>> first = line.DetectAsync(frames[0]);
            while (runs.Count == 0)
                await Task.Yield();
            Task<IReadOnlyList<Detection>>[] others = [.. frames.Skip(1).Select(line.DetectAsync)];
            gate.Release();
            await Task.WhenAll([first, .. others]);
            Assert.Equal([1, 3], runs);
            Assert.Equal(new Box(0, 0, 1, 1), Assert.Single(await others[2]).Box);
        }
        Assert.True(detector.IsDisposed);
    }

    /// <summary>Reads the size of each picture.</summary>
    private sealed class OneLineReader : ITextReader
    {
        public IReadOnlyList<TextLine> Read(ReadOnlySpan<byte> rgb, int width, int height) => [new TextLine(new Box(0.1f, 0.1f, 0.5f, 0.2f), $"{width} x {height}", 0.95f)];

        public void Dispose()
        {
        }
    }

    private Task<StreamReport> RunAsync(StreamPerception perception) => RunAsync(perception, out _);

    private Task<StreamReport> RunAsync(StreamPerception perception, out VideoStream stream)
    {
        stream = new VideoStream(
            new Decoder(new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")] }),
            new FrameEncoder(new MeanColourEncoder(), MeanColourEncoder.Preprocessor, new InferenceQueue()), new VideoStreamOptions(), perception: perception);
        var request = new DecodeRequest { FramesPerSecond = perception.Options.FramesPerSecond };
        return stream.RunAsync(new SourceRun(CrossingSquare.Film(_folder), request) { Sampling = 2 });
    }
}
