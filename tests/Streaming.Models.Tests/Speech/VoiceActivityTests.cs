using Streaming.Models.Speech;

namespace Streaming.Models.Tests.Speech;

/// <summary>Vowels made of the harmonics of a voice, in noise, at known times.</summary>
public sealed class VoiceActivityTests
{
    private const int Rate = VoiceActivity.SampleRate, Longest = 10 * Rate;

    [Fact]
    public void Add_of_speech_in_noise_gives_each_utterance_with_its_time()
    {
        float[] sound = Noise(14, 0.003f);
        Speak(sound, from: 2, until: 3.4);
        Speak(sound, from: 3.8, until: 5); // a pause inside a sentence
        Speak(sound, from: 8, until: 9.5);
        var heard = Hear(sound, 1000);
        Assert.Equal(2, heard.Count);
        AssertSpans(heard[0], 2, 5);
        AssertSpans(heard[1], 8, 9.5);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(333)]
    [InlineData(16000)]
    public void Add_in_pieces_of_any_size_gives_the_same(int piece)
    {
        float[] sound = Noise(8, 0.003f);
        Speak(sound, from: 1.5, until: 3);
        Speak(sound, from: 5, until: 6);
        var whole = Hear(sound, sound.Length);
        var pieces = Hear(sound, piece);
        Assert.Equal(2, whole.Count);
        Assert.Equal(whole.Select(one => (one.From, one.Samples.Length)), pieces.Select(one => (one.From, one.Samples.Length)));
    }

    [Theory]
    [InlineData(0.001f)]
    [InlineData(0.1f)]
    public void Add_of_noise_alone_gives_nothing(float loudness)
    {
        float[] sound = Noise(10, loudness);
        for (int i = 5 * Rate; i < 7 * Rate; i++)
            sound[i] *= 8; // a gust
        Assert.Empty(Hear(sound, 1600));
    }

    [Fact]
    public void Add_of_silence_gives_nothing() => Assert.Empty(Hear(new float[5 * Rate], 1600));

    [Fact]
    public void Add_of_a_click_gives_nothing()
    {
        float[] sound = Noise(5, 0.003f);
        for (int i = 0; i < 800; i++)
            sound[(3 * Rate) + i] += 0.5f;
        Assert.Empty(Hear(sound, 1600));
    }

    [Fact]
    public void Add_of_speech_without_end_is_cut_and_loses_nothing()
    {
        float[] sound = Noise(40, 0.003f);
        Speak(sound, from: 1, until: 38);
        var heard = Hear(sound, 1600);
        Assert.True(heard.Count >= 4);
        Assert.All(heard, one => Assert.InRange(one.Samples.Length, 1, Longest));
        foreach (var (before, after) in heard.Zip(heard.Skip(1)))
            Assert.Equal(before.From + before.Samples.Length, after.From);
        Assert.All(heard, one => Assert.Equal(sound.AsSpan((int)one.From, one.Samples.Length).ToArray(), one.Samples));
        Assert.True(heard[^1].From + heard[^1].Samples.Length >= 38 * Rate);
    }

    [Fact]
    public void Break_gives_what_was_under_way_and_counts_on_from_there()
    {
        var voice = new VoiceActivity(Longest);
        float[] sound = Noise(4, 0.003f);
        Speak(sound, from: 2, until: 4);
        Assert.Empty(voice.Add(sound));
        AssertSpans(Assert.Single(voice.Break(100 * Rate)), 2, 4);
        Assert.Empty(voice.Break(100 * Rate));
        float[] after = Noise(4, 0.003f);
        Speak(after, from: 1, until: 2);
        AssertSpans(Assert.Single(voice.Add(after)), 101, 102);
    }

    private static void AssertSpans(Utterance utterance, double from, double until)
    {
        Assert.InRange((double)utterance.From / Rate, from - 0.4, from + 0.05);
        Assert.InRange((double)(utterance.From + utterance.Samples.Length) / Rate, until - 0.05, until + 0.4);
    }

    private static List<Utterance> Hear(float[] sound, int piece)
    {
        var voice = new VoiceActivity(Longest);
        List<Utterance> heard = [.. sound.Chunk(piece).SelectMany(some => voice.Add(some))];
        heard.AddRange(voice.Break(0));
        return heard;
    }

    private static float[] Noise(double seconds, float loudness)
    {
        var random = new Random(5);
        return [.. Enumerable.Range(0, (int)(seconds * Rate)).Select(_ => ((random.NextSingle() * 2) - 1) * loudness)];
    }

    /// <summary>Syllables of 120 Hz, five a second.</summary>
    private static void Speak(float[] sound, double from, double until)
    {
        for (int i = (int)(from * Rate); i < (int)(until * Rate); i++)
        {
            double time = (i - (from * Rate)) / Rate, syllable = 0.3 + (0.7 * Math.Pow(Math.Sin(Math.PI * 5 * time), 2));
            for (int harmonic = 1; harmonic < 8; harmonic++)
                sound[i] += (float)(0.1 / harmonic * syllable * Math.Sin(2 * Math.PI * 120 * harmonic * time));
        }
    }
}
