using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Pipelines.Tests;

namespace Streaming.Server.Tests;

/// <summary>A stream that plays a film with a square that crosses it, seen by a detector that calls it a car.</summary>
public sealed class PerceptionTests : IAsyncLifetime
{
    private static readonly ZoneDocument Gate = new("gate", [[0.5, 0], [0.5, 1]]);
    private static readonly EventQuery AllEvents = new(null, null, null, null, 1000);
    private static readonly CountQuery AllCounts = new(null, null, null, TimeSpan.FromMinutes(1));

    private readonly LocalMachine _machine = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _machine.DisposeAsync();

    [Fact]
    public async Task EventsAsync_of_a_film_tells_what_crossed_it_and_survives_a_restart()
    {
        EventList events = await PlayAsync();
        Assert.Contains(events.Events, one => one is { Kind: "present" or "enter", Class: "car", Number: 1 });
        EventDocument crossing = Assert.Single(events.Events, one => one.Kind == "cross");
        Assert.Equal("gate backwards", crossing.Detail);
        Assert.NotNull(NoteLine.Read(crossing.Line));
        Assert.Equal(PerceptionState.On, (await (await _machine.OpenAsync()).StreamAsync("film", default)).Value!.Perception);
        await _machine.CloseAsync();
        _machine.Detector = new BrightThingDetector();
        LocalDirectory again = await _machine.OpenAsync();
        Assert.Equal(events.Events.Select(one => one.Line), (await again.EventsAsync("film", AllEvents, default)).Value!.Events.Select(one => one.Line));
        Assert.Equal("gate", Assert.Single((await again.StreamAsync("film", default)).Value!.Zones!).Name);
        Assert.True((await again.HeatAsync("film", default)).Value!.Seconds.Sum() > 1);
    }

    [Fact]
    public async Task CountsAsync_of_a_film_counts_its_only_thing_once()
    {
        await PlayAsync();
        CountTable counts = (await (await _machine.OpenAsync()).CountsAsync("film", AllCounts, default)).Value!;
        Assert.Equal(("car", 1, 1), (Assert.Single(counts.Totals).Class, counts.Totals[0].SoFar, counts.Totals[0].AtMost));
        Assert.Equal((1, 0.0), (Assert.Single(counts.Rows).Entered, counts.Rows[0].StartSeconds));
        Assert.Empty((await (await _machine.OpenAsync()).CountsAsync("film", AllCounts with { Class = "dog" }, default)).Value!.Rows);
    }

    [Fact]
    public async Task EventsAsync_of_a_stretch_leaves_out_the_rest()
    {
        EventList all = await PlayAsync();
        double crossing = all.Events.Single(one => one.Kind == "cross").StartSeconds;
        EventQuery before = AllEvents with { To = Moment.OfSeconds(crossing - 0.5) }, cross = AllEvents with { Kind = "cross" }, last = AllEvents with { Most = 1 };
        LocalDirectory directory = await _machine.OpenAsync();
        Assert.DoesNotContain((await directory.EventsAsync("film", before, default)).Value!.Events, one => one.Kind == "cross");
        Assert.Single((await directory.EventsAsync("film", cross, default)).Value!.Events);
        Assert.Equal(all.Events[^1].Line, Assert.Single((await directory.EventsAsync("film", last, default)).Value!.Events).Line);
    }

    [Fact]
    public async Task AskAsync_about_an_upload_gives_the_model_its_notes_as_of_the_moment_asked_about()
    {
        _machine.Detector = new BrightThingDetector();
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        FileDocument read = await _machine.UntilReadAsync(id);
        Assert.Equal((FileState.Ready, 12), (read.State, read.Frames.Sampled));
        var question = new AskRequest([SourceName.File(id)], "How many cars were there?");
        AnswerDocument answer = (await _machine.AskAsync(question)).Answer!;
        Assert.Contains("car x1 in all: ", LastPrompt(), StringComparison.Ordinal);
        Assert.True(answer.Usage.Notes > 1);
        await _machine.CloseAsync();
        _machine.Detector = new BrightThingDetector();
        Assert.Equal(answer.Usage, (await _machine.AskAsync(question)).Answer!.Usage);
        await _machine.AskAsync(question with { To = Moment.OfSeconds(2) });
        Assert.Contains("last 2 s", LastPrompt(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ReadAsync_that_goes_on_after_a_restart_notes_no_moment_twice()
    {
        var gate = new Gate(closesAfter: 4);
        _machine.Detector = new BrightThingDetector();
        await _machine.OpenAsync(gate.Encoder);
        string id = (await _machine.UploadAsync(_machine.Film(20))).Value!.Id;
        await gate.Closed;
        await _machine.CloseAsync();
        _machine.Detector = new BrightThingDetector();
        Assert.Equal(40, (await _machine.UntilReadAsync(id)).Frames.Sampled);
        await _machine.AskAsync(new AskRequest([SourceName.File(id)], "When did the cars come in?"));
        string[] arrivals = [.. LastPrompt().Split('\n').Where(line => line.Contains(" is there", StringComparison.Ordinal) || line.Contains(" enters ", StringComparison.Ordinal))];
        Assert.Equal(arrivals.Distinct(), arrivals);
        Assert.True(arrivals.Length > 0);
    }

    private string LastPrompt() => string.Concat(_machine.Model.Asked[^1].Messages.SelectMany(message => message.Content).OfType<Streaming.Models.TextPart>().Select(part => part.Text));

    [Fact]
    public async Task Stream_without_a_detector_says_that_perception_is_off()
    {
        LocalDirectory directory = await _machine.OpenAsync();
        StreamDocument stream = (await directory.AddStreamAsync(new StreamRequest("gate", "rtsp://127.0.0.1:9/cam"), default)).Value!;
        Assert.Equal(PerceptionState.Off, stream.Perception);
        Assert.Equal(ProblemKind.NotFound, (await directory.EventsAsync("gate", AllEvents, default)).Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, (await directory.CountsAsync("gate", AllCounts, default)).Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, (await directory.HeatAsync("gate", default)).Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, (await directory.EventsAsync("yard", AllEvents, default)).Problem!.Kind);
    }

    [Fact]
    public async Task Zones_that_cannot_be_are_refused_in_words()
    {
        LocalDirectory directory = await _machine.OpenAsync();
        ZoneDocument[][] wrong = [[Gate, Gate], [new("a b", Gate.Points)], [new("x", [[0, 0]])], [new("x", [[0, 0], [2, 0]])], [new("x", [[0, 0], [0, 0]])], [new("x", [[0], [1]])], [new(null, null)]];
        foreach (ZoneDocument[] zones in wrong)
        {
            Problem problem = (await directory.AddStreamAsync(new StreamRequest("gate", "rtsp://127.0.0.1:9/cam", Zones: zones), default)).Problem!;
            Assert.Equal(ProblemKind.Invalid, problem.Kind);
            Assert.Contains("zone", problem.Detail, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task EventsAsync_of_a_stream_with_a_recogniser_hold_what_is_said_in_it()
    {
        _machine.Detector = new BrightThingDetector();
        _machine.Recognizer = new FakeRecognizer();
        string folder = System.IO.Directory.CreateTempSubdirectory("streaming-voice-").FullName;
        try
        {
            string id = (await _machine.UploadAsync(await FakeRecognizer.FilmAsync(folder))).Value!.Id;
            LocalDirectory directory = await _machine.OpenAsync();
            await directory.AddStreamAsync(new StreamRequest("film", File: id), default);
            StreamDocument ended = await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
            Assert.Equal((TranscriptState.On, PerceptionState.On), (ended.Transcript, ended.Perception));
            EventDocument said = Assert.Single((await directory.EventsAsync("film", AllEvents with { Kind = "say" }, default)).Value!.Events);
            Assert.Equal("word", said.Detail);
            Assert.InRange(said.StartSeconds, 1.5, 2.2);
            Assert.Contains(" transcript ", said.Line, StringComparison.Ordinal);
        }
        finally
        {
            System.IO.Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task StreamAsync_without_a_recogniser_says_that_there_is_no_transcript()
    {
        _machine.Detector = new BrightThingDetector();
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", "rtsp://127.0.0.1:9/cam"), default);
        Assert.Equal(TranscriptState.Off, (await directory.StreamAsync("gate", default)).Value!.Transcript);
    }

    private async Task<EventList> PlayAsync()
    {
        _machine.Detector = new BrightThingDetector();
        string id = (await _machine.UploadAsync(_machine.Film(6))).Value!.Id;
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id, Zones: [Gate]), default);
        await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        return (await directory.EventsAsync("film", AllEvents, default)).Value!;
    }
}
