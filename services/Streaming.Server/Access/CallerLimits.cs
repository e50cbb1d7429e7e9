namespace Streaming.Server.Access;

/// <summary>What one caller may take at most. Null where nothing is said, 0 where nothing is limited.</summary>
/// <param name="RequestsPerMinute">Of any kind; as many may come at once.</param>
/// <param name="VisualTokensPerHour">Visual tokens that models read for their questions.</param>
/// <param name="SecondsPerHour">Time that models spend on their questions.</param>
public sealed record CallerLimits(int? RequestsPerMinute = null, long? VisualTokensPerHour = null, int? SecondsPerHour = null)
{
    public static CallerLimits None { get; } = new();

    /// <summary>These, and what they leave unsaid from others.</summary>
    public CallerLimits Or(CallerLimits others) => new(
        RequestsPerMinute ?? others.RequestsPerMinute, VisualTokensPerHour ?? others.VisualTokensPerHour, SecondsPerHour ?? others.SecondsPerHour);
}
