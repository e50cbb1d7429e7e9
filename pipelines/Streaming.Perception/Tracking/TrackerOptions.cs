using System.Collections.Frozen;

namespace Streaming.Perception;

/// <summary>When detections are the same thing, and what it does. Set on rendered films and on three real clips of people and traffic at 2.5 to 5 looks a second.</summary>
public sealed record TrackerOptions
{
    /// <summary>A detection that is less sure begins no track; it may still continue one.</summary>
    public float FirstScore { get; init; } = 0.3f;

    /// <summary>Sum of the scores of a track's detections with which it counts as a thing: two sure ones, or three that are hardly sure.</summary>
    public float Evidence { get; init; } = 0.9f;

    /// <summary>Looks with a detection before a track counts.</summary>
    public int LeastHits { get; init; } = 2;

    /// <summary>Mean score with which a thing counts that has moved: people who walk through the bench's films have 0.48 to 0.66, what is
    /// no thing at all less than 0.3.</summary>
    public float MovingScore { get; init; } = 0.33f;

    /// <summary>The same of what has never moved: patches of grass and stone that are taken for balls and people stay below 0.46.</summary>
    public float StillScore { get; init; } = 0.5f;

    /// <summary>A track that has not come to count is given up after this.</summary>
    public TimeSpan DoubtPatience { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A thing that was last seen going out of the picture has left after this.</summary>
    public TimeSpan EdgePatience { get; init; } = TimeSpan.FromSeconds(1.2);

    /// <summary>A thing that was lost inside the picture is waited for this long: something may stand before it.</summary>
    public TimeSpan HiddenPatience { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>One that stood still when it was lost: detectors miss what stands for longer.</summary>
    public TimeSpan StillPatience { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>What shows up this soon after looking began was there before.</summary>
    public TimeSpan BeginsWithin { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>A thing stops when it stays within <see cref="StillRadius"/> for this long.</summary>
    public TimeSpan StopAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>In sizes of the thing (the root of its area).</summary>
    public float StillRadius { get; init; } = 0.35f;

    /// <summary>Most tracks at once: what a detector finds in one picture, twice.</summary>
    public int MostTracks { get; init; } = 200;

    /// <summary>The label of what moves and no network could name.</summary>
    public const string Unnamed = "thing";

    /// <summary>Classes that have windows and tyres.</summary>
    internal static readonly FrozenSet<string> Vehicles = FrozenSet.ToFrozenSet(["car", "truck", "bus", "motorcycle", "train"]);

    /// <summary>Only things of one group can be the same; a detector takes one vehicle for another, but no person for a car.</summary>
    internal static bool AreAlike(string a, string b) => a == b || a == Unnamed || b == Unnamed || (a == "person") == (b == "person");
}
