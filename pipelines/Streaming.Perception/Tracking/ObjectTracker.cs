using System.Collections.Immutable;
using Streaming.Models;

namespace Streaming.Perception;

/// <summary>
/// Detections over time -> things with numbers, and what they do: enter, stop, go on, cross lines and zones, leave. Looks come in
/// order of time, some two to five a second. Deterministic; its state is bounded.
/// </summary>
/// <remarks>
/// The pairs of track and detection that fit best go together, in overlap with where the track is going, nearness, looks, name and size;
/// sure detections first, then unsure ones for the tracks that are left. A thing that is lost inside the picture is waited for, and
/// a new one that looks like it and could have come there is it.
/// </remarks>
/// <param name="firstNumber">Of the first thing: one more than the stream has numbered before.</param>
public sealed class ObjectTracker(TrackerOptions options, ImmutableArray<Zone> zones, int firstNumber = 1)
{
    // How fast a hidden thing may have moved on, in picture heights per second, and how alike it must then look.
    private const float HiddenSpeed = 0.2f, HiddenSlack = 0.12f, HiddenLikeness = 0.6f;

    // A detection this much inside a thing of its kind is a part of it.
    private const float PartShare = 0.75f, SameOverlap = 0.55f;

    // Predicted to be out of the picture by half of it: it has left.
    private const float InsideShare = 0.5f;

    private readonly List<Track> _tracks = [];
    private readonly List<Note> _notes = [];
    private readonly List<Thing> _renamed = [];
    private int _next = firstNumber;
    private TimeSpan _begin = TimeSpan.MinValue;
    private TimeSpan _looked;

    /// <summary>Width over height of the picture.</summary>
    public float Aspect { get; set; } = 16f / 9;

    /// <summary>The boxes of the things that are followed, seen or hidden, where they are believed to be at <paramref name="time"/>.</summary>
    public IEnumerable<Box> Expected(TimeSpan time) => _tracks.Select(track => track.Predict(time));

    /// <summary>The things that were seen at <paramref name="time"/>, and where.</summary>
    public IEnumerable<(Thing Thing, Box Box)> Seen(TimeSpan time) => _tracks.Where(track => track.Number > 0 && track.LastTime == time)
        .Select(track => (Thing.One(track.Label, track.Number), track.LastBox));

    /// <summary>One look.</summary>
    /// <param name="time">Later than all before.</param>
    /// <param name="seen">Everything found, also what is hardly sure.</param>
    public TrackerReport Observe(TimeSpan time, IReadOnlyList<Observation> seen)
    {
        if (_begin == TimeSpan.MinValue)
            _begin = time;
        _looked = time;
        List<Observation> left = [.. seen];
        Continue(time, left, observation => observation.Detection.Score >= options.FirstScore);
        Continue(time, left, _ => true);
        foreach (Observation observation in left.Where(o => o.Detection.Score >= options.FirstScore).OrderByDescending(o => o.Detection.Score))
            if (_tracks.Count < options.MostTracks)
                _tracks.Add(new Track(time, observation));
        foreach (Track track in _tracks.Where(track => track.LastTime == time).ToArray())
            Believe(track, time);
        foreach (Track track in _tracks.Where(track => IsOver(track, time)).ToArray())
            Close(track);
        return Report(time);
    }

    /// <summary>A moment at which nothing had moved since the last look: whoever was in view still is.</summary>
    public TrackerReport Rest(TimeSpan time)
    {
        foreach (Track track in _tracks.Where(track => track.Number > 0 && track.LastTime == _looked))
            track.Stay(time);
        _looked = time;
        foreach (Track track in _tracks.Where(track => IsOver(track, time)).ToArray())
            Close(track);
        return Report(time);
    }

    /// <summary>The picture is another one from now on, or nobody looks any more: what was in view is not followed on.</summary>
    public TrackerReport End(TimeSpan time)
    {
        foreach (Track track in _tracks.Where(track => track.Number > 0))
            _notes.Add(NoteOf(track, FactKind.Visit, track.FirstTime, track.LastTime, Looks(track)));
        _tracks.Clear();
        _begin = TimeSpan.MinValue;
        return Report(time);
    }

    private void Continue(TimeSpan time, List<Observation> left, Func<Observation, bool> isCandidate)
    {
        Track[] tracks = [.. _tracks.Where(track => track.LastTime < time)];
        Observation[] candidates = [.. left.Where(isCandidate)];
        foreach (var (track, seen) in Association.Match(tracks, candidates, time, Aspect))
        {
            tracks[track].Take(time, candidates[seen]);
            left.Remove(candidates[seen]);
        }
    }

    /// <summary>Lets a track that was seen now count once there is enough evidence, and notes what it does.</summary>
    private void Believe(Track track, TimeSpan time)
    {
        bool isNew = track.Number == 0;
        if (isNew)
        {
            if (!IsThing(track))
                return;
            if (_tracks.Any(other => other != track && other.Number > 0 && IsPart(track, other)))
            {
                _tracks.Remove(track);
                return;
            }
            if (Hidden(track, time) is { } known)
            {
                known.Continue(track);
                _tracks.Remove(track);
                (track, isNew) = (known, false);
            }
        }
        if (track.Relabel() && !isNew)
            _renamed.Add(Thing.One(track.Label, track.Number));
        if (isNew)
            Arrive(track);
        foreach (var (kind, since, detail) in track.Conduct.Observe(time, track.LastBox, options, zones, Aspect))
            _notes.Add(NoteOf(track, kind, since, since, detail));
    }

    /// <summary>What has no name is a thing only by its moving, and all else the surer by it.</summary>
    private bool IsThing(Track track)
    {
        if (track.Hits < options.LeastHits || track.Evidence < options.Evidence)
            return false;
        if (track.Label == TrackerOptions.Unnamed)
            return track.HasMoved;
        return track.Evidence / track.Hits >= (track.HasMoved ? options.MovingScore : options.StillScore);
    }

    private void Arrive(Track track)
    {
        track.Number = _next++;
        var (x, y) = track.Velocity;
        string edge = Places.Edge(track.FirstBox, x, y);
        bool wasThere = track.FirstTime - _begin <= options.BeginsWithin;
        _notes.Add(wasThere
            ? NoteOf(track, FactKind.Present, track.FirstTime, track.LastTime, Places.Place(track.FirstBox.CentreX, track.FirstBox.CentreY))
            : NoteOf(track, FactKind.Enter, track.FirstTime, track.FirstTime, edge + Going(track)));
    }

    private bool IsOver(Track track, TimeSpan time)
    {
        TimeSpan away = time - track.LastTime;
        if (track.Number == 0)
            return away > options.DoubtPatience;
        if (away <= options.EdgePatience)
            return false;
        Box guess = track.Predict(time);
        bool isOut = guess.ShareIn(new Box(0, 0, 1, 1)) < InsideShare || (Places.TouchesEdge(track.LastBox) && EdgeAhead(track) != "inside");
        return isOut || away > (track.Conduct.IsStill ? options.StillPatience : options.HiddenPatience);
    }

    private void Close(Track track)
    {
        _tracks.Remove(track);
        if (track.Number == 0)
            return;
        _notes.Add(NoteOf(track, FactKind.Leave, track.LastTime, track.LastTime, EdgeAhead(track) + Going(track)));
        _notes.Add(NoteOf(track, FactKind.Visit, track.FirstTime, track.LastTime, Looks(track)));
    }

    /// <summary>A thing that was lost inside the picture and that this new track may be; the one it looks most like.</summary>
    private Track? Hidden(Track track, TimeSpan time)
    {
        var (x, y) = track.Velocity;
        if (Places.Edge(track.FirstBox, x, y) != "inside")
            return null;
        return _tracks
            .Where(lost => lost.Number > 0 && lost.LastTime < track.FirstTime && TrackerOptions.AreAlike(lost.Label, track.Label))
            .Where(lost => Association.Growth(lost.LastBox, track.FirstBox) < 2.5f && lost.Colours.Likeness(track.Colours) >= HiddenLikeness)
            .Where(lost => Association.Distance(lost.LastBox, track.FirstBox, Aspect) <= HiddenSlack + HiddenSpeed * (float)(track.FirstTime - lost.LastTime).TotalSeconds)
            .OrderByDescending(lost => lost.Colours.Likeness(track.Colours)).ThenBy(lost => lost.Number).FirstOrDefault();
    }

    private static bool IsPart(Track track, Track of) => of.LastTime == track.LastTime && TrackerOptions.AreAlike(track.Label, of.Label)
        && (track.LastBox.Overlap(of.LastBox) > SameOverlap || track.LastBox.ShareIn(of.LastBox) > PartShare);

    private static string EdgeAhead(Track track)
    {
        var (x, y) = track.Velocity;
        return Places.Edge(track.LastBox, -x, -y);
    }

    private string Going(Track track)
    {
        var (x, y) = track.Velocity;
        // Slower than half its size in a second is hardly a way.
        string way = Places.Way(x * Aspect, y, 0.5f * MathF.Sqrt(track.LastBox.Area * Aspect));
        return way.Length > 0 ? $" going {way}" : "";
    }

    private static string Looks(Track track)
    {
        string from = Places.Place(track.FirstBox.CentreX, track.FirstBox.CentreY), to = Places.Place(track.LastBox.CentreX, track.LastBox.CentreY);
        string way = from == to ? from : $"{from} to {to}";
        return track.Colours.Dominant(TrackerOptions.Vehicles.Contains(track.Label)) is var (name, share)
            ? $"{name.ToString().ToLowerInvariant()} {(int)Math.Round(100 * share)}% {way}"
            : way;
    }

    private static Note NoteOf(Track track, FactKind kind, TimeSpan from, TimeSpan to, string detail) => new(
        from, to, NoteSource.Perception, track.Sure, new Fact(kind, Thing.One(track.Label, track.Number), detail),
        kind is FactKind.Visit or FactKind.Present or FactKind.Enter ? new Sights(track.FirstTime, track.ClearestTime, track.LastTime) : Sights.At(to));

    private TrackerReport Report(TimeSpan time)
    {
        ILookup<bool, Note> stays = _tracks.Where(track => track.Number > 0).OrderBy(track => track.Number)
            .ToLookup(track => track.LastTime >= time - options.EdgePatience, track => NoteOf(track, FactKind.Visit, track.FirstTime, track.LastTime, Looks(track)));
        var report = new TrackerReport([.. _notes], [.. _renamed], [.. stays[true]], [.. stays[false]]);
        _notes.Clear();
        _renamed.Clear();
        return report;
    }
}
