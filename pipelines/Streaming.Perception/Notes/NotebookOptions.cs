namespace Streaming.Perception;

/// <summary>How much of a stream is noted.</summary>
public sealed record NotebookOptions
{
    /// <summary>The most notes, whatever happened: about 400 kB as text. 81 labels in 10 kinds of facts must fit when each is told once.</summary>
    public int MostNotes { get; init; } = 4096;

    /// <summary>The newest notes, which stay as they were written.</summary>
    public int RecentNotes { get; init; } = 1024;

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate() => this switch
    {
        { MostNotes: < 1024 } => $"{nameof(MostNotes)} must be at least 1024",
        { RecentNotes: var recent } when recent < 0 || recent > MostNotes / 2 => $"{nameof(RecentNotes)} must lie in 0..{nameof(MostNotes)}/2",
        _ => null,
    };
}
