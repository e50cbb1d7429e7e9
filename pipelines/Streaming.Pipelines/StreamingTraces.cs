using System.Diagnostics;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>The spans of the source <see cref="SourceName"/>: what an answer takes its time for. Where nobody listens there are none, and they cost nothing.</summary>
public static class StreamingTraces
{
    public const string SourceName = "Streaming";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Runs <paramref name="step"/> as a span within the one that is open; a fault is told by its kind alone.</summary>
    /// <param name="step">Is given the span; null where nobody listens.</param>
    public static async Task<T> SpanAsync<T>(string name, Func<Activity?, Task<T>> step)
    {
        using Activity? span = Source.StartActivity(name);
        try
        {
            return await step(span).ConfigureAwait(false);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", e.GetType().FullName);
            throw;
        }
    }

    /// <summary>What a run of the model took, in the words of OpenTelemetry's conventions for generative models.</summary>
    internal static void Tell(this Activity? span, string model, Completion completion) => span?
        .SetTag("gen_ai.operation.name", "chat")
        .SetTag("gen_ai.request.model", model)
        .SetTag("gen_ai.usage.input_tokens", completion.PromptTokens)
        .SetTag("gen_ai.usage.output_tokens", completion.CompletionTokens)
        .SetTag("streaming.cached_tokens", completion.CachedTokens)
        .SetTag("streaming.prefill_seconds", completion.Prefill.TotalSeconds)
        .SetTag("streaming.decode_steps_seconds", completion.DecodeSteps.TotalSeconds);
}
