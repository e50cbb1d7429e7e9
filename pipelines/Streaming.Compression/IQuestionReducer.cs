using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// A policy that makes what memory kept fewer for one question. Memory itself is never reduced by a question: another one will be asked.
/// Deterministic; order by time and place is kept.
/// </summary>
public interface IQuestionReducer
{
    /// <summary>The name that requests and measurements use, such as <c>recovery</c>.</summary>
    string Name { get; }

    /// <summary>Whether it looks at the question.</summary>
    bool ReadsQuestion { get; }

    /// <param name="tokens">In order of time and place.</param>
    /// <param name="words">The question's words in the space of the tokens, [words, hidden]; may be empty where the question is not read.</param>
    /// <param name="budget">The most tokens that may come back.</param>
    VisualTokens Reduce(VisualTokens tokens, ReadOnlySpan<float> words, int budget);
}

/// <summary>A policy that does not look at the question.</summary>
internal sealed class WhateverTheQuestion(IVisualTokenReducer reducer) : IQuestionReducer
{
    public string Name => reducer.Name;

    public bool ReadsQuestion => false;

    public VisualTokens Reduce(VisualTokens tokens, ReadOnlySpan<float> words, int budget) => reducer.Reduce(tokens, budget);
}
