namespace Streaming.Pipelines.Watches;

/// <summary>When the answers to a question that stands become an event: so many of the last ones hold, and enough time has passed since the last event.</summary>
/// <param name="Every">How often it is asked.</param>
/// <param name="Needed">How many answers have to hold, 1 to <paramref name="Of"/>.</param>
/// <param name="Of">Of how many, the newest.</param>
/// <param name="Cooldown">No second event comes sooner after the first.</param>
public sealed record WatchRule(TimeSpan Every, int Needed = 1, int Of = 1, TimeSpan Cooldown = default)
{
    /// <summary>Votes count for twice the time in which <see cref="Of"/> of them are cast: those from before an outage do not meet those from after it.</summary>
    public TimeSpan Remembers => Every * Of * 2;
}

/// <summary>What an answer says, and when.</summary>
/// <param name="At">Time of the stream.</param>
public readonly record struct WatchVote(TimeSpan At, bool Holds);
