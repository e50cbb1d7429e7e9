namespace Streaming.Perception;

/// <summary>How often a picture is looked at closely, and how what is found becomes notes.</summary>
public sealed record PerceptionOptions
{
    public TrackerOptions Tracker { get; init; } = new();

    public NotebookOptions Notebook { get; init; } = new();

    /// <summary>Pictures that perception wants: five a second follow traffic, 2.5 still do.</summary>
    public double FramesPerSecond { get; init; } = 5;

    /// <summary>After the last motion detection goes on for this long: to see where everything came to stand.</summary>
    public TimeSpan Afterwards { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Where nothing moves, a look all the same this often: somebody may sit there whom nobody saw come.</summary>
    public TimeSpan RestInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The first looks, whether or not something moves.</summary>
    public TimeSpan Beginning { get; init; } = TimeSpan.FromSeconds(1);
}
