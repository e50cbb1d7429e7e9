namespace Streaming.Contracts;

/// <summary>Why a request was not carried out. One table in the server turns each kind into its HTTP status.</summary>
public enum ProblemKind
{
    /// <summary>There is no stream, file or keyframe of that name.</summary>
    NotFound,

    /// <summary>The name is taken by something else.</summary>
    Taken,

    /// <summary>The request says something that cannot be meant or is not allowed; the detail says what.</summary>
    Invalid,

    /// <summary>The caller may not do this; the detail says what they may.</summary>
    Forbidden,

    /// <summary>What came is not what was sent: its hash differs. Send it again.</summary>
    Damaged,

    /// <summary>The upload is larger than the limit.</summary>
    TooLarge,

    /// <summary>There is no room: the disk is full, or the limit of streams or files is reached.</summary>
    Full,

    /// <summary>Too many questions wait already; ask again later.</summary>
    Busy,

    /// <summary>The model does not answer, or failed on this question; others may fare better later.</summary>
    Unavailable,

    /// <summary>The answer, or its turn, did not come in time.</summary>
    Overdue,
}

/// <summary>What was called cannot be reached now, where the outcome has no place for a problem.</summary>
public sealed class UnavailableException(Problem problem, Exception? cause = null) : Exception(problem.Detail, cause)
{
    public Problem Problem => problem;
}

/// <summary>An expected failure, as a value.</summary>
/// <param name="Detail">One line for the caller: what is wrong and what to do.</param>
public sealed record Problem(ProblemKind Kind, string Detail)
{
    /// <summary>When to come back; null: nobody can tell.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>There is none, or none for this caller: both are said in the same words.</summary>
    public static Problem NoStream { get; } = new(ProblemKind.NotFound, "there is no stream of that name");

    /// <inheritdoc cref="NoStream"/>
    public static Problem NoFile { get; } = new(ProblemKind.NotFound, "there is no file of that id");

    /// <inheritdoc cref="NoStream"/>
    public static Problem NoEvent { get; } = new(ProblemKind.NotFound, "there is no event of that id, or it is no longer kept");

    /// <inheritdoc cref="NoStream"/>
    public static Problem NoUpload { get; } = new(ProblemKind.NotFound, "there is no upload of that id; it may have expired");
}

/// <summary>A value, or the problem that stands in its place.</summary>
public readonly record struct Outcome<T>
    where T : class
{
    private Outcome(T? value, Problem? problem) => (Value, Problem) = (value, problem);

    public T? Value { get; }

    public Problem? Problem { get; }

    public static implicit operator Outcome<T>(T value) => new(value, null);

    public static implicit operator Outcome<T>(Problem problem) => new(null, problem);
}
