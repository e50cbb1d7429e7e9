using Streaming.Models.Hub;
using Streaming.Models.Speech;
using Streaming.Oracle;

namespace Streaming.Models.Tests.Speech;

public sealed class WhisperWritingTests
{
    /// <summary>Words 0 to 9, the end, the start, no timestamps, and 101 timestamps of 20 ms.</summary>
    private const int End = 10, Start = 11, NoTimestamps = 12, Zero = 13, Vocabulary = Zero + 101;

    private static readonly WhisperManifest Manifest = WhisperManifest.Parse(
        """{"model_type": "whisper", "d_model": 8, "max_source_positions": 100, "max_target_positions": 64, "vocab_size": 114}""",
        $$"""{"decoder_start_token_id": {{Start}}, "eos_token_id": {{End}}, "no_timestamps_token_id": {{NoTimestamps}}, "suppress_tokens": [4, -1], "begin_suppress_tokens": [3], "max_initial_timestamp_index": 50}""",
        """{"feature_size": 80, "sampling_rate": 16000, "n_fft": 400, "hop_length": 160, "n_samples": 32000}""");

    [Fact]
    public void Next_begins_with_a_timestamp_that_is_not_too_late()
    {
        var writing = new WhisperWriting(Manifest);
        Assert.Equal(Zero + 7, writing.Next(Logits((2, 9), (Zero + 51, 8), (Zero + 7, 1))));
    }

    [Fact]
    public void Next_after_the_first_timestamp_is_a_word_that_may_be_written()
    {
        var writing = After(Zero);
        Assert.Equal(2, writing.Next(Logits((Zero + 3, 9), (4, 8), (NoTimestamps, 7), (2, 1))));
    }

    [Fact]
    public void Next_after_the_timestamp_that_ends_a_segment_is_another_one_or_the_end()
    {
        Assert.Equal(Zero + 9, After(Zero, 1, Zero + 5).Next(Logits((2, 9), (Zero + 9, 1))));
        Assert.Equal(End, After(Zero, 1, Zero + 5).Next(Logits((2, 9), (End, 5))));
    }

    [Fact]
    public void Next_is_a_timestamp_where_all_of_them_are_together_likelier_than_any_word()
    {
        var close = Enumerable.Range(Zero + 5, 20).Select(token => (token, 1f));
        Assert.InRange(After(Zero, 1).Next(Logits([(2, 3), .. close])), Zero, Vocabulary);
        Assert.Equal(2, After(Zero, 1).Next(Logits([(2, 5), .. close])));
    }

    [Fact]
    public void LogProbability_of_what_is_certain_is_zero()
    {
        var writing = new WhisperWriting(Manifest);
        writing.Next(Logits((Zero, 80)));
        Assert.Equal(0, writing.LogProbability, 1e-6);
    }

    [Fact]
    public void Lines_are_the_words_between_timestamps_within_the_sound()
    {
        SpeechFolder folder = SpeechFolder.Open(Path.Combine(TransformersJs.Folder, "tiny-whisper"));
        int zero = folder.Manifest.FirstTimestamp; // of two seconds, by 20 ms
        var writing = new WhisperWriting(folder.Manifest);
        foreach (int token in (int[])[zero + 5, .. Words(" Who is it?"), zero + 30, zero + 40, .. Words(" Me."), zero + 20, zero + 45, .. Words(" Come in"), zero + 90, zero + 90, .. Words(" Now")])
            writing.Take(token);
        Assert.Equal(
            [Line(0.1, 0.6, "Who is it?"), Line(0.4, 0.4, "Me."), Line(0.9, 1.5, "Come in"), Line(1.5, 1.5, "Now")],
            writing.Lines(folder.Tokenizer, TimeSpan.FromSeconds(1.5)));
        Assert.Empty(new WhisperWriting(folder.Manifest).Lines(folder.Tokenizer, TimeSpan.FromSeconds(1)));

        int[] Words(string text) => folder.Tokenizer.Encode(text);

        SpokenLine Line(double from, double until, string text) => new(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(until), text);
    }

    private static WhisperWriting After(params int[] tokens)
    {
        var writing = new WhisperWriting(Manifest);
        foreach (int token in tokens)
            Assert.False(writing.Take(token));
        return writing;
    }

    private static float[] Logits(params (int Token, float Value)[] some)
    {
        float[] logits = [.. Enumerable.Repeat(-20f, Vocabulary)];
        foreach (var (token, value) in some)
            logits[token] = value;
        return logits;
    }
}
