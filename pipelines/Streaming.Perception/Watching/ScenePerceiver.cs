using System.Collections.Immutable;
using Streaming.Models;

namespace Streaming.Perception;

/// <summary>
/// What one stream shows, as notes: pictures and what a detector finds in them -> tracker -> notebook. One caller at a time, in order
/// of time: <see cref="Look"/> at every picture, then <see cref="Observe"/> if it asked for detection, else <see cref="Rest"/>.
/// </summary>
public sealed class ScenePerceiver(PerceptionOptions options, ImmutableArray<Zone> zones, Notebook notebook, HeatMap? heat = null)
{
    // Not enough to begin a track that a detector could name; three of them begin one that nobody can.
    private const float BlobScore = 0.31f, TouchingBlobScore = 0.2f;

    // A blob that lies this much in a detection is that thing.
    private const float Explained = 0.3f;

    // Longer than this between two looks nobody knows where things stood.
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan BackgroundStep = TimeSpan.FromSeconds(2);

    private readonly Thumbnail _thumbnail = new();
    private readonly ChangeWatch _changes = new();
    private readonly BackgroundModel _background = new();
    private readonly Blobs _blobs = new();
    private readonly ObjectTracker _tracker = new(options.Tracker, zones, notebook.Snapshot.LastNumber + 1);
    private readonly TextWatch _texts = new();
    private TimeSpan? _begin;
    private TimeSpan _last, _motion, _detected, _backgroundAt;

    /// <summary>The things in the picture looked at last, and where they are.</summary>
    public IEnumerable<(Thing Thing, Box Box)> Seen => _tracker.Seen(_last);

    /// <summary>Looks at a picture.</summary>
    /// <param name="rgb">RGB24 [height, width, 3].</param>
    /// <param name="time">Later than all before.</param>
    /// <returns>Whether a detector shall look too.</returns>
    public bool Look(ReadOnlySpan<byte> rgb, int width, int height, TimeSpan time)
    {
        _tracker.Aspect = width / (float)height;
        _thumbnail.Read(rgb, width, height);
        Change change = _changes.Look(_thumbnail);
        if (change == Change.Cut)
            Cut(time);
        // Where nothing moves the background only has to be kept up.
        if (change != Change.Rest || time - _backgroundAt >= BackgroundStep)
        {
            _background.Look(_thumbnail, time);
            _backgroundAt = time;
        }
        _begin ??= time;
        if (change != Change.Rest)
            _motion = time;
        bool isWanted = time - _motion <= options.Afterwards || time - _begin <= options.Beginning || time - _detected >= options.RestInterval;
        if (isWanted)
            _detected = time;
        return isWanted;
    }

    /// <summary>Takes what a detector found in the picture looked at last; empty without a detector.</summary>
    public void Observe(ReadOnlySpan<byte> rgb, int width, int height, TimeSpan time, IReadOnlyList<Detection> detections)
    {
        var seen = new List<Observation>();
        foreach (Detection detection in detections.Concat(Moving(time, detections)))
            seen.Add(new Observation(detection, ColourReader.Read(rgb, width, height, detection.Box, _background.IsReady ? _background.Foreground : null)));
        Take(time, _tracker.Observe(time, seen));
    }

    /// <summary>Whether the picture looked at last shall be read.</summary>
    public bool WantsReading(TimeSpan time) => _texts.Wants(time, moved: _motion == time);

    /// <summary>Takes what was read in the picture of a time that may have passed a little ago.</summary>
    public void Read(TimeSpan time, IReadOnlyList<TextLine> lines) => notebook.Write(_texts.Observe(time, lines));

    /// <summary>Nothing moved in the picture looked at last, and nobody looked closer.</summary>
    public void Rest(TimeSpan time) => Take(time, _tracker.Rest(time));

    /// <summary>Nobody looks any more: the source ended or was lost.</summary>
    public void End()
    {
        notebook.Write(_texts.End());
        if (_begin is not null)
            Take(_last, _tracker.End(_last));
        _begin = null;
    }

    private void Cut(TimeSpan time)
    {
        End();
        _background.Forget();
        notebook.Write([new Note(time, time, NoteSource.Perception, 100, new Fact(FactKind.Cut))]);
    }

    /// <summary>What moves and no detection explains.</summary>
    private IEnumerable<Detection> Moving(TimeSpan time, IReadOnlyList<Detection> detections)
    {
        if (!_background.IsReady)
            yield break;
        Box[] expected = [.. _tracker.Expected(time)];
        foreach (Box blob in _blobs.Find(_background.Foreground, _changes.Moving))
        {
            if (detections.Any(detection => blob.ShareIn(detection.Box) > Explained || detection.Box.ShareIn(blob) > Explained))
                continue;
            bool touches = expected.Any(box => blob.Intersect(box) is { Width: > 0, Height: > 0 });
            yield return new Detection(blob, TrackerOptions.Unnamed, touches ? TouchingBlobScore : BlobScore);
        }
    }

    private void Take(TimeSpan time, TrackerReport report)
    {
        foreach (Thing renamed in report.Renamed)
            notebook.Rename(renamed.Number, renamed.Label);
        notebook.Write(report.Notes);
        notebook.See(time, [.. report.InView, .. _texts.InView], [.. report.Hidden, .. _texts.Hidden]);
        TimeSpan step = time - _last;
        _last = time;
        if (heat is not null && step > TimeSpan.Zero && step <= LongestStep)
            heat.Add(Seen.Select(one => new Spot(one.Box.CentreX, Math.Clamp(one.Box.Bottom, 0, 1))), step);
    }
}
