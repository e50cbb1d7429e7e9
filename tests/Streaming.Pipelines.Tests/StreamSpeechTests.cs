using Streaming.Models.Speech;
using Streaming.Perception;
using Streaming.Video;

namespace Streaming.Pipelines.Tests;

/// <summary>From sound to dated notes, with a recogniser that writes what it was given.</summary>
public sealed class StreamSpeechTests
{
    private readonly FakeRecognizer _recognizer = new();
    private readonly List<Note> _notes = [];

    [Fact]
    public async Task RunAsync_writes_what_is_said_with_the_streams_times()
    {
        StreamSpeech speech = await HearAsync(Sounds(10, (2, 3.5), (6, 8)), time => time + TimeSpan.FromSeconds(100));
        Assert.Equal((2L, 2L), speech.Account);
        Assert.Null(speech.Problem);
        Assert.Equal([(NoteSource.Transcript, FactKind.Say, "word"), (NoteSource.Transcript, FactKind.Say, "word")], _notes.Select(note => (note.Source, note.Fact.Kind, note.Fact.Detail)));
        Assert.Equal([102, 106], _notes.Select(note => note.From.TotalSeconds), (expected, actual) => Math.Abs(expected - actual) < 0.4);
        Assert.Equal([103.5, 108], _notes.Select(note => note.To.TotalSeconds), (expected, actual) => Math.Abs(expected - actual) < 0.5);
        Assert.All(_notes, note => Assert.Equal(61, note.Sure)); // e^-0.5
    }

    [Fact]
    public async Task RunAsync_sound_that_breaks_off_ends_what_was_being_said()
    {
        Sound[] before = Sounds(4, (2, 4)), after = Sounds(4, (1, 2));
        await HearAsync([.. before, .. after.Select(sound => sound with { Time = sound.Time + TimeSpan.FromSeconds(60) })], time => time);
        Assert.Equal([2, 61], _notes.Select(note => note.From.TotalSeconds), (expected, actual) => Math.Abs(expected - actual) < 0.4);
    }

    [Fact]
    public async Task RunAsync_what_the_recogniser_is_not_sure_of_is_not_written()
    {
        _recognizer.LogProbability = -1.2;
        StreamSpeech speech = await HearAsync(Sounds(5, (2, 4)), time => time);
        Assert.Equal((1L, 0L), speech.Account);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task RunAsync_recogniser_that_fails_ends_the_transcript_and_says_so()
    {
        _recognizer.Fails = true;
        StreamSpeech speech = await HearAsync(Sounds(5, (2, 4)), time => time);
        Assert.Contains("broken recogniser", speech.Problem, StringComparison.Ordinal);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task RunAsync_sound_before_the_streams_first_frame_is_not_noted()
    {
        await HearAsync(Sounds(5, (2, 4)), _ => null);
        Assert.Empty(_notes);
    }

    [Fact]
    public async Task RunAsync_of_a_film_with_a_voice_decodes_its_sound_and_notes_it()
    {
        string folder = Directory.CreateTempSubdirectory("streaming-speech-").FullName;
        try
        {
            string film = await FakeRecognizer.FilmAsync(folder);
            using var line = new HearingLine(_recognizer);
            var speech = new StreamSpeech(line, _notes.AddRange);
            var stream = new VideoStream(
                new Decoder(new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")] }),
                new FrameEncoder(new MeanColourEncoder(), MeanColourEncoder.Preprocessor, new InferenceQueue()), new VideoStreamOptions(), speech: speech);
            StreamReport report = await stream.RunAsync(new SourceRun(new FileSource(film), new DecodeRequest { Sound = true }));
            Assert.Null(report.Decode.Failure);
            Assert.Null(speech.Problem);
            Note said = Assert.Single(_notes);
            Assert.InRange(said.From.TotalSeconds, 1.6, 2.05);
            Assert.InRange(said.To.TotalSeconds, 3.45, 3.9);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<StreamSpeech> HearAsync(Sound[] sounds, Func<TimeSpan, TimeSpan?> place)
    {
        using var line = new HearingLine(_recognizer);
        var speech = new StreamSpeech(line, _notes.AddRange);
        await speech.RunAsync(sounds.ToAsyncEnumerable(), place, CancellationToken.None);
        return speech;
    }

    /// <summary>Pieces of half a second of noise, with a voice at times.</summary>
    private static Sound[] Sounds(int seconds, params (double From, double Until)[] spoken)
    {
        const int rate = VoiceActivity.SampleRate;
        var random = new Random(3);
        short[] samples = [.. Enumerable.Range(0, seconds * rate).Select(i =>
        {
            double time = (double)i / rate, voice = 0;
            if (Array.Exists(spoken, some => time >= some.From && time < some.Until))
                for (int harmonic = 1; harmonic < 8; harmonic++)
                    voice += 0.1 / harmonic * Math.Sin(2 * Math.PI * 120 * harmonic * time);
            return (short)(short.MaxValue * (voice + (0.003 * (random.NextDouble() - 0.5))));
        })];
        return [.. samples.Chunk(rate / 2).Select((piece, i) => new Sound(TimeSpan.FromSeconds(i * 0.5), piece))];
    }
}
