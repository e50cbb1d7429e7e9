using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>Ends a request with a problem document. Thrown where a body or header says what cannot be meant.</summary>
/// <param name="status">The HTTP status.</param>
/// <param name="detail">One line for the caller: what is wrong and what to do.</param>
/// <param name="kind">A word for programs; null: the status' own.</param>
/// <param name="parameter">The field that is wrong, where there is one.</param>
public sealed class RefusalException(int status, string detail, string? kind = null, string? parameter = null) : Exception(detail)
{
    public RefusalException(Problem problem)
        : this(ProblemTable.StatusOf(problem.Kind), problem.Detail, ProblemTable.WordOf(problem.Kind)) => RetryAfter = problem.RetryAfter;

    /// <summary>When to come back; null: nobody can tell.</summary>
    public TimeSpan? RetryAfter { get; }

    public int Status => status;

    public string Kind => kind ?? ProblemTable.WordOf(status);

    public string? Parameter => parameter;

    /// <summary>The value, or the refusal that stands in its place.</summary>
    /// <exception cref="RefusalException">There is no value.</exception>
    public static T Unwrap<T>(Outcome<T> outcome)
        where T : class =>
        outcome.Value ?? throw new RefusalException(outcome.Problem ?? throw new InvalidOperationException("neither a value nor a problem"));
}
