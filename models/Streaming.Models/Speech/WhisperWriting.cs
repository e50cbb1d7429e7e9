using System.Numerics.Tensors;

namespace Streaming.Models.Speech;

/// <summary>
/// A transcript in the making: which tokens may come next, as Whisper was trained to write (arXiv 2212.04356, section 4.5): timestamps come in
/// pairs around each segment, and as soon as they are together likelier than any word. As in transformers.js they may go back, as OpenAI's
/// own decoder does not let them. Not for several threads.
/// </summary>
public sealed class WhisperWriting(WhisperManifest manifest)
{
    private readonly List<int> _ids = [];
    private double _logProbability;
    private int _chosen;

    /// <summary>What was written, without the end token.</summary>
    public IReadOnlyList<int> TokenIds => _ids;

    /// <summary>The likeliest token that may come next; what may not is made minus infinity.</summary>
    /// <param name="logits">[vocabulary].</param>
    public int Next(Span<float> logits)
    {
        int begin = manifest.FirstTimestamp;
        Forbid(logits, manifest.Suppressed);
        logits[manifest.NoTimestampsToken] = float.NegativeInfinity;
        if (_ids.Count == 0)
        {
            Forbid(logits, manifest.SuppressedFirst);
            logits[..begin].Fill(float.NegativeInfinity);
            if (manifest.LatestFirstTimestamp is { } latest && begin + latest + 1 < logits.Length)
                logits[(begin + latest + 1)..].Fill(float.NegativeInfinity);
        }
        else if (_ids[^1] >= begin)
        {
            if (_ids.Count < 2 || _ids[^2] >= begin)
                logits[begin..].Fill(float.NegativeInfinity);
            else
                logits[..manifest.EndToken].Fill(float.NegativeInfinity);
        }
        if (_ids.Count > 0 && TimestampsAreLikelier(logits, begin))
            logits[..begin].Fill(float.NegativeInfinity);
        int token = Sampler.Greedy(logits);
        double sum = 0;
        foreach (float logit in logits)
            sum += Math.Exp(logit - logits[token]);
        (_logProbability, _chosen) = (_logProbability - Math.Log(sum), _chosen + 1);
        return token;
    }

    /// <summary>Mean natural logarithm of the probabilities of what was chosen, among what was allowed; 0 before the first token.</summary>
    public double LogProbability => _chosen == 0 ? 0 : _logProbability / _chosen;

    /// <summary>A token has been written.</summary>
    /// <returns>It was the last.</returns>
    public bool Take(int token)
    {
        if (token == manifest.EndToken)
            return true;
        _ids.Add(token);
        return false;
    }

    /// <summary>What was said when, each segment's words with its times; one that was not ended lasts as long as the sound, and one whose times go back is a moment.</summary>
    /// <param name="length">Of the sound.</param>
    public IReadOnlyList<SpokenLine> Lines(Tokenizer tokenizer, TimeSpan length)
    {
        var lines = new List<SpokenLine>();
        var words = new List<int>();
        TimeSpan from = TimeSpan.Zero;
        foreach (int token in _ids)
        {
            if (token < manifest.FirstTimestamp)
            {
                words.Add(token);
                continue;
            }
            TimeSpan time = manifest.TimeOf(token);
            Add(time);
            from = time;
        }
        Add(length);
        return lines;

        void Add(TimeSpan until)
        {
            string text = tokenizer.Decode([.. words.Where(word => word < manifest.EndToken)]).Trim();
            words.Clear();
            until = until < length ? until : length;
            if (text.Length > 0)
                lines.Add(new SpokenLine(from < until ? from : until, until, text));
        }
    }

    private static void Forbid(Span<float> logits, IReadOnlyList<int> tokens)
    {
        foreach (int token in tokens)
            logits[token] = float.NegativeInfinity;
    }

    /// <summary>The sum of all timestamps' probabilities is above that of every word.</summary>
    private static bool TimestampsAreLikelier(ReadOnlySpan<float> logits, int begin)
    {
        float most = TensorPrimitives.Max(logits);
        double sum = 0;
        foreach (float logit in logits[begin..])
            sum += Math.Exp(logit - most);
        return sum > Math.Exp(TensorPrimitives.Max(logits[..begin]) - most);
    }
}

/// <summary>What somebody said.</summary>
/// <param name="From">Since the start of the sound.</param>
public sealed record SpokenLine(TimeSpan From, TimeSpan Until, string Text);
