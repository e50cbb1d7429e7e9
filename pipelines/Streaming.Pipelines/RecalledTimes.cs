using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>
/// The times that a model is told about what it reads, and the way back. A model knows seconds only as far as it was trained: where
/// the stretch that is recalled lies later, its seconds are counted from its first frame, and where it is longer, the longest gaps
/// between its frames are told shorter. A stretch within the limit is told as it is.
/// </summary>
public sealed partial class RecalledTimes
{
    // Whole seconds of frames and notes in order of time: as they were, and as the model is told. Empty: nothing is changed.
    private readonly long[] _real, _told;

    private RecalledTimes(long[] real, long[] told) => (_real, _told) = (real, told);

    /// <param name="seen">What the model reads, in order of time.</param>
    /// <param name="longest">The latest time that the model knows.</param>
    /// <param name="noted">Moments that notes name, in any order.</param>
    public static RecalledTimes Of(VisualTokens seen, TimeSpan longest, IEnumerable<TimeSpan>? noted = null)
    {
        long limit = Seconds(longest);
        SortedSet<long> real = new((noted ?? []).Select(Seconds));
        foreach (TokenOrigin origin in seen.Origins.Span)
            real.Add(Seconds(origin.Time));
        return real.Max <= limit ? new RecalledTimes([], []) : new RecalledTimes([.. real], Tell([.. real], limit));
    }

    /// <summary>True if the model is told the times as they are.</summary>
    public bool AreTold => _real.Length == 0;

    /// <summary>The same tokens at the times that the model is told.</summary>
    public VisualTokens Tell(VisualTokens seen)
    {
        if (AreTold)
            return seen;
        TokenOrigin[] origins = [.. seen.Origins.ToArray().Select(origin => origin with { Time = Tell(origin.Time) })];
        return new VisualTokens(seen.Hidden, seen.Features, origins, seen.Weights, seen.Saliency);
    }

    /// <summary>The whole second by which the model is told a moment.</summary>
    public long SecondOf(TimeSpan time) => AreTold ? Seconds(time) : Told(Seconds(time));

    /// <summary>A question in which moments are named as the model knows them.</summary>
    public string Tell(string question) => AreTold ? question : NamedSecond().Replace(question, match => Rename(match, Told));

    /// <summary>An answer in which moments are named as they were.</summary>
    public string Restore(string answer) => AreTold ? answer : NamedSecond().Replace(answer, match => Rename(match, Real));

    /// <summary>An answer that is restored piece by piece, as it is written.</summary>
    /// <param name="onText">Receives the pieces; a moment is held back until it is whole.</param>
    public PieceByPiece Restoring(Action<string> onText) => new(this, onText);

    /// <summary>The largest cap on the gaps with which all fit, by bisection.</summary>
    private static long[] Tell(long[] real, long limit)
    {
        long least = 1, most = Math.Max(1, real[^1] - real[0]);
        while (least < most)
        {
            long middle = least + (most - least + 1) / 2;
            (least, most) = Capped(real, middle)[^1] <= limit ? (middle, most) : (least, middle - 1);
        }
        return Capped(real, least);
    }

    private static long[] Capped(long[] real, long cap)
    {
        var told = new long[real.Length];
        for (int i = 1; i < real.Length; i++)
            told[i] = told[i - 1] + Math.Min(real[i] - real[i - 1], cap);
        return told;
    }

    private TimeSpan Tell(TimeSpan time)
    {
        long second = Seconds(time);
        return TimeSpan.FromSeconds(Told(second)) + (time - TimeSpan.FromSeconds(second));
    }

    private long Told(long real) => Move(real, _real, _told);

    private long Real(long told) => Move(told, _told, _real);

    /// <summary>From one scale to the other: the frame at or before it, and as many seconds later, but not beyond the next frame.</summary>
    private static long Move(long second, long[] from, long[] to)
    {
        int at = Array.BinarySearch(from, second);
        if (at >= 0)
            return to[at];
        int before = ~at - 1;
        if (before < 0)
            return second;
        long moved = to[before] + second - from[before];
        return before + 1 < to.Length ? Math.Min(moved, to[before + 1]) : moved;
    }

    private static string Rename(Match match, Func<long, long> scale) => string.Create(
        CultureInfo.InvariantCulture, $"{match.Groups[1].ValueSpan} {scale(long.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))} s");

    private static long Seconds(TimeSpan time) => (long)Math.Floor(time.TotalSeconds);

    /// <summary>"at 7 s" and "at 7 s to 9 s", as the shipped model writes times.</summary>
    [GeneratedRegex(@"\b(at|to) (\d{1,9}) s\b")]
    private static partial Regex NamedSecond();

    /// <summary>A text that may end inside a moment.</summary>
    [GeneratedRegex(@"\b(?:a|t|(?:at|to)(?: (?:\d{1,9}(?: s?)?)?)?)$")]
    private static partial Regex BegunSecond();

    /// <summary>Restores an answer while it is written.</summary>
    public sealed class PieceByPiece(RecalledTimes times, Action<string> onText)
    {
        private string _held = "";

        public void Append(string piece)
        {
            _held += piece;
            int whole = BegunSecond().Match(_held) is { Success: true } begun ? begun.Index : _held.Length;
            Emit(whole);
        }

        /// <summary>The answer is at its end.</summary>
        public void Finish() => Emit(_held.Length);

        private void Emit(int length)
        {
            if (length == 0)
                return;
            onText(times.Restore(_held[..length]));
            _held = _held[length..];
        }
    }
}
