using System.Collections.Immutable;
using Streaming.Models;

namespace Streaming.Perception;

/// <summary>What a thing does while it is in view: it stops and goes on, crosses lines, enters and leaves zones. Bounded by the number of zones.</summary>
internal sealed class TrackConduct
{
    // A line is crossed when the foot is this far behind it, in shares of the picture: boxes tremble.
    private const float LineMargin = 0.01f;

    // Into or out of an area for two looks in a row.
    private const int LooksToBelieve = 2;

    private readonly Dictionary<Zone, Place> _places = [];
    private (float X, float Y) _anchor;
    private TimeSpan _anchorTime;
    private bool _hasAnchor;
    private bool _hasMoved;

    public bool IsStill { get; private set; }

    /// <param name="size">The root of its area.</param>
    /// <returns>What it did, from when on.</returns>
    public IEnumerable<(FactKind Kind, TimeSpan Time, string Detail)> Observe(TimeSpan time, Box box, TrackerOptions options, ImmutableArray<Zone> zones, float aspect)
    {
        var done = new List<(FactKind, TimeSpan, string)>();
        ObserveStanding(time, box, options, aspect, done);
        var foot = new Spot(box.CentreX, Math.Min(box.Bottom, 1));
        foreach (Zone zone in zones)
        {
            if (!_places.TryGetValue(zone, out Place? place))
                _places[zone] = place = new Place();
            if (zone.IsLine)
                ObserveLine(time, foot, zone, place, done);
            else
                ObserveArea(time, foot, zone, place, done);
        }
        return done;
    }

    private void ObserveStanding(TimeSpan time, Box box, TrackerOptions options, float aspect, List<(FactKind, TimeSpan, string)> done)
    {
        float x = (box.CentreX - _anchor.X) * aspect, y = box.CentreY - _anchor.Y;
        float radius = options.StillRadius * MathF.Sqrt(box.Area * aspect);
        if (!_hasAnchor || x * x + y * y > radius * radius)
        {
            if (IsStill && _hasMoved)
                done.Add((FactKind.Go, time, Places.Way(x, y, 0)));
            _hasMoved |= _hasAnchor;
            (_anchor, _anchorTime, _hasAnchor, IsStill) = ((box.CentreX, box.CentreY), time, true, false);
        }
        else if (!IsStill && time - _anchorTime >= options.StopAfter)
        {
            IsStill = true;
            if (_hasMoved)
                done.Add((FactKind.Stop, _anchorTime, Places.Place(box.CentreX, box.CentreY)));
        }
    }

    private static void ObserveLine(TimeSpan time, Spot foot, Zone line, Place place, List<(FactKind, TimeSpan, string)> done)
    {
        float side = line.SideOf(foot);
        if (Math.Abs(side) < LineMargin)
            return;
        if (place.LastSpot is { } before && line.SideOf(before) * side < 0 && line.IsBetween(before, foot))
            done.Add((FactKind.Cross, time, $"{line.Name} {(side > 0 ? "forwards" : "backwards")}"));
        place.LastSpot = foot;
    }

    private static void ObserveArea(TimeSpan time, Spot foot, Zone area, Place place, List<(FactKind, TimeSpan, string)> done)
    {
        bool isIn = area.Holds(foot);
        if (isIn == place.IsIn)
        {
            place.Looks = 0;
            return;
        }
        place.Since = place.Looks++ == 0 ? time : place.Since;
        if (place.Looks < LooksToBelieve)
            return;
        (place.IsIn, place.Looks) = (isIn, 0);
        done.Add((isIn ? FactKind.EnterZone : FactKind.LeaveZone, place.Since, area.Name));
    }

    private sealed class Place
    {
        public Spot? LastSpot { get; set; }

        public bool IsIn { get; set; }

        public int Looks { get; set; }

        public TimeSpan Since { get; set; }
    }
}
