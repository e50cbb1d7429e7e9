using Streaming.Models;
using Streaming.Models.Speech;
using Streaming.Perception;
using Streaming.Video;

namespace Streaming.Pipelines;

/// <summary>
/// What is said in a stream, written into its notes with its times: sound -> stretches in which somebody speaks -> lines. A failure here ends the transcript
/// for the session and nothing else.
/// </summary>
/// <param name="line">The recogniser, which all streams share.</param>
/// <param name="write">Takes the notes of one stretch; called by one thread at a time.</param>
public sealed class StreamSpeech(HearingLine line, Action<IReadOnlyList<Note>> write)
{
    // Whisper's published decoder takes what it wrote for noise when the mean logarithm of its tokens' probabilities is lower.
    private const double LeastLogProbability = -1;

    // Pieces of sound begin where the ones before ended, but for the rounding of timestamps.
    private static readonly TimeSpan LargestError = TimeSpan.FromMilliseconds(100);

    private long _heard, _written;
    private volatile string? _problem;

    /// <summary>Why nothing is written down in this session, in words; null if it is.</summary>
    public string? Problem => _problem;

    /// <summary>Stretches of sound in which somebody seemed to speak, and lines that came of them.</summary>
    public (long Heard, long Written) Account => (Interlocked.Read(ref _heard), Interlocked.Read(ref _written));

    /// <summary>Listens until the sound ends.</summary>
    /// <param name="place">From the source's time to the stream's; null: not known, and what is said then is not noted.</param>
    public async Task RunAsync(IAsyncEnumerable<Sound> sounds, Func<TimeSpan, TimeSpan?> place, CancellationToken cancellation)
    {
        _problem = null;
        var voice = new VoiceActivity(line.Sound.Samples);
        TimeSpan? next = null;
        try
        {
            await foreach (Sound sound in sounds.WithCancellation(cancellation).ConfigureAwait(false))
            {
                if (next is null || (sound.Time - next.Value).Duration() > LargestError)
                    await HearAsync(voice.Break(SampleAt(sound.Time)), place, cancellation).ConfigureAwait(false);
                next = sound.Time + TimeSpan.FromSeconds((double)sound.Samples.Length / VoiceActivity.SampleRate);
                await HearAsync(voice.Add(Floats(sound)), place, cancellation).ConfigureAwait(false);
            }
            await HearAsync(voice.Break(0), place, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // A stream is worth more than its transcript.
            _problem = $"speech is not written down until the stream reconnects: {e.GetType().Name}: {e.Message}";
        }
    }

    private async Task HearAsync(IReadOnlyList<Utterance> utterances, Func<TimeSpan, TimeSpan?> place, CancellationToken cancellation)
    {
        foreach (Utterance utterance in utterances)
        {
            Interlocked.Increment(ref _heard);
            Transcript transcript = await line.HearAsync(utterance.Samples, cancellation).ConfigureAwait(false);
            if (transcript.Lines.Count == 0 || transcript.LogProbability < LeastLogProbability || place(TimeAt(utterance.From)) is not { } start)
                continue;
            int sure = (int)Math.Round(100 * Math.Exp(transcript.LogProbability));
            write([.. transcript.Lines.Select(said => new Note(start + said.From, start + said.Until, NoteSource.Transcript, sure, new Fact(FactKind.Say, detail: said.Text)))]);
            Interlocked.Add(ref _written, transcript.Lines.Count);
        }
    }

    private static long SampleAt(TimeSpan time) => (long)Math.Round(time.TotalSeconds * VoiceActivity.SampleRate);

    private static TimeSpan TimeAt(long sample) => TimeSpan.FromSeconds((double)sample / VoiceActivity.SampleRate);

    private static float[] Floats(Sound sound)
    {
        var samples = new float[sound.Samples.Length];
        for (int i = 0; i < samples.Length; i++)
            samples[i] = sound.Samples.Span[i] / 32768f;
        return samples;
    }
}
