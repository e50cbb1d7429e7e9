using Streaming.Models;

namespace Streaming.Perception;

/// <summary>
/// What can be read in a stream's pictures, over time: when to read, which readings are of the same text, and what it says after all.
/// A text that was read once only is noted if it was read surely. Bounded.
/// </summary>
public sealed class TextWatch
{
    // A read costs as much as three to six looks for things.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    // Where nothing was to be read three times running, or nothing moved, text is unlikely.
    private static readonly TimeSpan RareInterval = TimeSpan.FromSeconds(30);
    private const int InVain = 3;

    private const int MostTexts = 64, MostReadings = 9, MissedReads = 2;

    // The same place with about the same words, or the same words elsewhere: then it moved.
    private const float SamePlace = 0.3f;
    private const double LikeThere = 0.5, LikeElsewhere = 0.75;

    // Of one reading alone.
    private const float SureAtOnce = 0.9f;

    private readonly List<SeenText> _texts = [];
    private TimeSpan? _askedAt;
    private int _empty;

    /// <summary>Whether the picture of that time shall be read.</summary>
    /// <param name="moved">Whether something moved in it just now.</param>
    public bool Wants(TimeSpan time, bool moved)
    {
        bool isLikely = moved && _empty < InVain;
        if (_askedAt is { } asked && time - asked < (isLikely ? Interval : RareInterval))
            return false;
        _askedAt = time;
        return true;
    }

    /// <summary>Takes what was read in a picture.</summary>
    /// <returns>The notes of texts that are gone.</returns>
    public IReadOnlyList<Note> Observe(TimeSpan time, IReadOnlyList<TextLine> lines)
    {
        _empty = lines.Count == 0 ? _empty + 1 : 0;
        foreach (SeenText text in _texts)
            text.Missed++;
        foreach (TextLine line in lines.OrderByDescending(line => line.Score))
        {
            SeenText? known = _texts.Where(text => text.Missed > 0 && text.MayBe(line)).MaxBy(text => text.Box.Overlap(line.Box));
            if (known is null && _texts.Count < MostTexts)
                _texts.Add(known = new SeenText(time));
            known?.Take(time, line);
        }
        return Close(text => text.Missed > MissedReads);
    }

    /// <summary>The picture is another one, or nobody looks any more.</summary>
    public IReadOnlyList<Note> End()
    {
        (_askedAt, _empty) = (null, 0);
        return Close(_ => true);
    }

    /// <summary>The texts that can be read now.</summary>
    public IEnumerable<Note> InView => _texts.Where(text => text.Missed == 0 && text.IsSure).Select(text => text.ToNote());

    /// <summary>The texts that could not be read lately and may come again.</summary>
    public IEnumerable<Note> Hidden => _texts.Where(text => text.Missed > 0 && text.IsSure).Select(text => text.ToNote());

    private List<Note> Close(Predicate<SeenText> isOver)
    {
        List<Note> notes = [.. _texts.Where(text => isOver(text) && text.IsSure).Select(text => text.ToNote())];
        _texts.RemoveAll(isOver);
        return notes;
    }

    /// <summary>One text with its readings.</summary>
    private sealed class SeenText(TimeSpan first)
    {
        private readonly Queue<(string Text, float Score)> _readings = new();
        private TimeSpan _last, _clearest;
        private float _best;
        private int _clocks, _reads;

        public Box Box { get; private set; }

        public int Missed { get; set; }

        public bool IsSure => _reads > 1 || _best >= SureAtOnce;

        private bool IsClock => 2 * _clocks > _reads;

        public bool MayBe(TextLine line)
        {
            bool isThere = Box.Overlap(line.Box) >= SamePlace;
            if (IsClock || Readings.IsClock(line.Text))
                return isThere && IsClock && Readings.IsClock(line.Text);
            return Readings.Likeness(Readings.Medoid([.. _readings]), line.Text) >= (isThere ? LikeThere : LikeElsewhere);
        }

        public void Take(TimeSpan time, TextLine line)
        {
            (Box, _last, Missed) = (line.Box, time, 0);
            _readings.Enqueue((line.Text, line.Score));
            if (_readings.Count > MostReadings)
                _readings.Dequeue();
            _reads++;
            _clocks += Readings.IsClock(line.Text) ? 1 : 0;
            if (line.Score > _best)
                (_best, _clearest) = (line.Score, time);
        }

        /// <summary>A clock says what it said last; all else what its readings agree on.</summary>
        public Note ToNote() => new(
            first, _last, NoteSource.Perception, (int)Math.Round(100 * _readings.Average(reading => reading.Score)),
            IsClock ? new Fact(FactKind.Clock, null, _readings.Last().Text) : new Fact(FactKind.Text, null, Readings.Medoid([.. _readings])),
            new Sights(first, _clearest, _last));
    }
}
