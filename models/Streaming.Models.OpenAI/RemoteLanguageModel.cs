using System.Net.Http.Headers;

namespace Streaming.Models.OpenAI;

/// <summary>
/// A language model behind an OpenAI-compatible server (vLLM, SGLang, llama.cpp, Ollama): it sees the keyframes themselves in place of
/// their tokens. Calls may come from any thread, and run side by side.
/// </summary>
/// <param name="http">Follows no redirects, and has no timeout of its own: answers have deadlines. Disposed with this.</param>
public sealed class RemoteLanguageModel(HttpClient http, RemoteOptions options, TimeProvider clock) : ILanguageModel
{
    /// <summary>As much of what a server says about a failure as fits a line.</summary>
    private const int LongestComplaint = 300;

    /// <summary>The text around frames, in words that any instructed model understands.</summary>
    public static PromptWording Wording { get; } = new(new FrameHeader("Picture at {mm:ss}:"), "\n");

    public string Name => options.Model;

    public int ContextTokens => options.ContextTokens;

    /// <inheritdoc/>
    /// <exception cref="RemoteModelException">The server gives no answer.</exception>
    public async Task<Completion> CompleteAsync(
        Prompt prompt, GenerationLimits limits, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.MaxNewTokens);
        byte[] body = ChatRequest.Of(prompt, options, limits);
        using var deadline = new CancellationTokenSource(limits.Deadline, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        long start = clock.GetTimestamp();
        TimeSpan? first = null;
        var answer = new ChatAnswer(piece =>
        {
            first ??= clock.GetElapsedTime(start);
            onText?.Invoke(piece);
        });
        try
        {
            for (int tries = 0; await TryAsync(body, answer, stop.Token).ConfigureAwait(false) is { } failure; tries++)
            {
                if (tries == options.MostRetries || answer.HasText)
                    throw new RemoteModelException(failure.Words, failure.Cause);
                await Task.Delay(failure.RetryAfter ?? TimeSpan.FromSeconds(1 << tries), clock, stop.Token).ConfigureAwait(false);
            }
            return answer.Completion(FinishReason.Stop, first ?? default, clock.GetElapsedTime(start));
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return answer.Completion(FinishReason.Deadline, first ?? default, clock.GetElapsedTime(start));
        }
    }

    public void Dispose() => http.Dispose();

    /// <returns>Null if the answer is whole, else what may pass.</returns>
    /// <exception cref="RemoteModelException">It will not pass.</exception>
    private async Task<Failure?> TryAsync(byte[] body, ChatAnswer answer, CancellationToken stop)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{options.Endpoint.AbsoluteUri.TrimEnd('/')}/chat/completions"))
            {
                Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } },
            };
            if (options.Key is { } key)
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
            using HttpResponseMessage response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            if (!response.IsSuccessStatusCode)
                return await FailureOf(response, stop).ConfigureAwait(false);
            using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false));
            while (await lines.ReadLineAsync(stop).ConfigureAwait(false) is { } line)
                if (answer.Take(line))
                    return null;
            return answer.IsFinished ? null : new Failure("it hung up in the middle of its answer", null, null);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            return new Failure($"it cannot be reached, or hung up: {error.Message}", null, error);
        }
    }

    private static async Task<Failure> FailureOf(HttpResponseMessage response, CancellationToken stop)
    {
        string said = await response.Content.ReadAsStringAsync(stop).ConfigureAwait(false);
        string words = $"it answers {(int)response.StatusCode} {response.ReasonPhrase}: {said[..Math.Min(said.Length, LongestComplaint)].ReplaceLineEndings(" ")}";
        return (int)response.StatusCode is 408 or 429 or >= 500
            ? new Failure(words, response.Headers.RetryAfter?.Delta, null)
            : throw new RemoteModelException(words);
    }

    private sealed record Failure(string Words, TimeSpan? RetryAfter, Exception? Cause);
}

/// <summary>The server that stands for a model gave no answer; the message says what it gave.</summary>
public sealed class RemoteModelException(string words, Exception? cause = null) : Exception($"The remote model does not answer: {words}", cause);
