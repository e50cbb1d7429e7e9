using Streaming.Models;

namespace Streaming.Perception;

/// <summary>A detection with the looks of what is in its box.</summary>
public readonly record struct Observation(Detection Detection, ColourShares Colours)
{
    public Box Box => Detection.Box;
}

/// <summary>What became known by one look.</summary>
/// <param name="Notes">What happened, not always in order of time: that a thing has left is known a while after.</param>
/// <param name="Renamed">Things that turned out to be of another class, to be told before the notes.</param>
/// <param name="InView">The stays of all things in view, until now.</param>
/// <param name="Hidden">The stays of the things that were lost and are waited for, until they were seen last.</param>
public sealed record TrackerReport(IReadOnlyList<Note> Notes, IReadOnlyList<Thing> Renamed, IReadOnlyList<Note> InView, IReadOnlyList<Note> Hidden);
