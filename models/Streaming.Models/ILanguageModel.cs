using Streaming.Models.Shapes;

namespace Streaming.Models;

/// <summary>A language model that reads text and visual tokens and writes text. Calls may come from any thread; where none is under way it runs on the thread that calls.</summary>
public interface ILanguageModel : IDisposable
{
    /// <summary>The name that answers and metrics carry, such as <c>scenes</c>.</summary>
    string Name { get; }

    /// <summary>The longest prompt and answer together, in tokens.</summary>
    int ContextTokens { get; }

    /// <summary>How many answers it writes in little more time than one; more wait for one another.</summary>
    int AnswersAtOnce => 1;

    /// <summary>Greedy decoding, at least one token, until the end token, the token cap, the deadline or cancellation, whichever comes first.</summary>
    /// <param name="onText">Called with each piece of the answer as it is decoded.</param>
    /// <exception cref="PromptTooLongException">The prompt does not fit into <see cref="ContextTokens"/>.</exception>
    Task<Completion> CompleteAsync(
        Prompt prompt, GenerationLimits limits, Action<string>? onText = null, CancellationToken cancellation = default);
}

/// <summary>What an answer may cost at most. A deadline that passes ends the answer with what has been written.</summary>
public sealed record GenerationLimits(int MaxNewTokens, TimeSpan Deadline)
{
    /// <summary>What the answer has to look like; null: anything. One that reaches its cap or deadline is the beginning of one.</summary>
    public AnswerShape? Shape { get; init; }
}

public enum FinishReason
{
    /// <summary>The model wrote its end token.</summary>
    Stop,

    /// <summary>The token cap was reached.</summary>
    Length,

    /// <summary>The deadline passed.</summary>
    Deadline,

    /// <summary>It said the same again and again.</summary>
    Repetition,
}

/// <summary>A finished answer of a language model with what it cost.</summary>
public sealed record Completion(
    string Text,
    FinishReason Finish,
    int PromptTokens,
    int CompletionTokens,
    TimeSpan Prefill,
    TimeSpan DecodeSteps)
{
    /// <summary>The time inside the network's own runs; the rest of prefill and decode steps is overhead.</summary>
    public TimeSpan ModelTime { get; init; }

    /// <summary>How many of the prompt's tokens had been read for an earlier prompt with the same beginning and cost nothing.</summary>
    public int CachedTokens { get; init; }

    /// <summary>The generated tokens in order, the end token included where the model wrote it.</summary>
    public IReadOnlyList<int> TokenIds { get; init; } = [];
}

/// <summary>The prompt is longer than the model's context; the message gives both lengths.</summary>
public sealed class PromptTooLongException(int promptTokens, int contextTokens)
    : Exception($"The prompt has {promptTokens} tokens, the model reads at most {contextTokens}.");
