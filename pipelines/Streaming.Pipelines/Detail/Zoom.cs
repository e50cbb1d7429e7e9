using System.Diagnostics;
using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Pipelines.Detail;

/// <summary>What was looked at again in a picture.</summary>
/// <param name="Time">That of its keyframe.</param>
/// <param name="Tokens">All of it at the size of the model's input, a tick after the keyframe for each part of it.</param>
public sealed record Close(TimeSpan Time, PicturePart Part, VisualTokens Tokens);

/// <summary>
/// Detail on demand, without training: pictures that were kept are encoded again in parts, and what shows best what is asked about is read besides
/// the whole. Where the model tells how words look, the part is searched for from coarse to fine (as ZoomEye, arXiv 2411.16044, walks its tree,
/// with cosines for its answers of yes and no); where it does not, the quarters of the newest picture are read (as DC², arXiv 2408.15556, divides it).
/// </summary>
/// <param name="encoder">Of questions: somebody waits.</param>
internal sealed class Zoom(FrameEncoder encoder)
{
    /// <summary>The newest picture, and the one that goes best with the words.</summary>
    private const int MostPictures = 2;

    /// <summary>Less is not worth a second look: a part would be enlarged from fewer pixels than it is read by.</summary>
    private const double LeastGain = 1.5;

    /// <summary>From here on the first cut is in three and not in two: the parts are still no smaller than the model's input.</summary>
    private const double LargeGain = 3;

    /// <summary>How many of a part's tokens have to resemble what is asked about.</summary>
    private const int BestTokens = 4;

    /// <summary>Frames in one run of the encoder.</summary>
    private const int Batch = 8;

    /// <summary>A search that would take longer is not begun: the best quarter has to do. An encoder of 100 ms a picture takes 2.5 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <param name="entries">What is read, in order of time.</param>
    /// <param name="meant">How the model reads what is asked about, [hidden]; empty where it does not tell.</param>
    /// <param name="picture">The JPEG of the keyframe of a time; null where there is none any more.</param>
    /// <returns>In order of time; none where no picture has more to show.</returns>
    public async Task<IReadOnlyList<Close>> LookAsync(IReadOnlyList<MemoryEntry> entries, float[] meant, Func<TimeSpan, byte[]?> picture, CancellationToken cancellation)
    {
        var found = new List<Close>();
        foreach (TimeSpan time in Times(entries, meant))
        {
            if (picture(time) is { } jpeg && JpegDecoder.Decode(jpeg, time) is { } frame && GainOf(frame, PicturePart.Whole) >= LeastGain)
                found.AddRange(await LookAsync(frame, meant, cancellation).ConfigureAwait(false));
        }
        return found;
    }

    private static IEnumerable<TimeSpan> Times(IReadOnlyList<MemoryEntry> entries, float[] meant)
    {
        if (entries.Count == 0)
            return [];
        IEnumerable<MemoryEntry> best = meant.Length == 0 ? [] : entries.OrderByDescending(entry => WordLikeness.Of([entry.Tokens], meant, BestTokens)).Take(MostPictures - 1);
        return best.Append(entries[^1]).Select(entry => entry.Time).Distinct().Order();
    }

    private async Task<IEnumerable<Close>> LookAsync(Frame frame, float[] meant, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        PicturePart[] first = [PicturePart.Whole, .. PicturePart.Whole.Quarters()];
        VisualTokens[] seen = await EncodeAsync(frame, first, cancellation).ConfigureAwait(false);
        if (meant.Length == 0)
            return first.Zip(seen).Skip(1).Select((pair, i) => Told(frame.Time, pair.First, pair.Second, i));
        (PicturePart Part, VisualTokens Tokens, double Score) best = Best(first, seen, meant);
        PicturePart window = PicturePart.Whole;
        int cut = GainOf(frame, window) >= LargeGain ? 3 : 2;
        while (GainOf(frame, window) >= LeastGain && Stopwatch.GetElapsedTime(start) * ((2 * cut) - 1) < Patience)
        {
            PicturePart[] parts = [.. window.Overlapping(cut)];
            var next = Best(parts, await EncodeAsync(frame, parts, cancellation).ConfigureAwait(false), meant);
            if (next.Score <= best.Score && window != PicturePart.Whole)
                break;
            (window, cut, best) = (next.Part, 2, next.Score > best.Score ? next : best);
        }
        if (best.Part == PicturePart.Whole)
            return [];
        // What lies at the edge of the part may go on beyond it.
        PicturePart around = Around(best.Part, best.Tokens, meant);
        return [Told(frame.Time, around, (await EncodeAsync(frame, [around], cancellation).ConfigureAwait(false))[0], 0)];
    }

    /// <summary>The part moved so that what resembles the words lies in its middle.</summary>
    private PicturePart Around(PicturePart part, VisualTokens tokens, float[] meant)
    {
        double[] likeness = [.. Enumerable.Range(0, tokens.Count).Select(i => WordLikeness.Of([tokens.Slice(i, 1)], meant, 1))];
        double least = likeness.Max() / 2, x = 0, y = 0, all = 0;
        foreach ((int i, TokenOrigin origin) in tokens.Origins.ToArray().Index().Where(token => likeness[token.Index] > least))
            (x, y, all) = (x + (likeness[i] * (origin.Column + 0.5) / encoder.Grid.Columns), y + (likeness[i] * (origin.Row + 0.5) / encoder.Grid.Rows), all + likeness[i]);
        return all > 0 ? part.Around(x / all, y / all) : part;
    }

    private static (PicturePart Part, VisualTokens Tokens, double Score) Best(PicturePart[] parts, VisualTokens[] tokens, float[] meant) =>
        parts.Zip(tokens, (part, seen) => (Part: part, Tokens: seen, Score: WordLikeness.Of([seen], meant, BestTokens))).MaxBy(scored => scored.Score);

    private async Task<VisualTokens[]> EncodeAsync(Frame frame, PicturePart[] parts, CancellationToken cancellation)
    {
        var tokens = new List<VisualTokens>();
        foreach (PicturePart[] some in parts.Chunk(Batch))
            tokens.AddRange(await encoder.EncodeAsync([.. some.Select(part => part.CutOut(frame))], cancellation).ConfigureAwait(false));
        return [.. tokens];
    }

    /// <summary>How many times larger than the model's input a part of a picture is, in the direction in which it is so least.</summary>
    private double GainOf(Frame frame, PicturePart part) =>
        Math.Min(part.Width * frame.Width / encoder.Input.Width, part.Height * frame.Height / encoder.Input.Height);

    private static Close Told(TimeSpan time, PicturePart part, VisualTokens tokens, int number)
    {
        TokenOrigin[] origins = [.. tokens.Origins.ToArray().Select(origin => origin with { Time = time + TimeSpan.FromTicks(1 + number) })];
        return new Close(time, part, new VisualTokens(tokens.Hidden, tokens.Features, origins, tokens.Weights, tokens.Saliency));
    }
}
