using System.Globalization;
using Microsoft.AspNetCore.Http;
using Streaming.Contracts;

namespace Streaming.Server.Http.OpenAI;

/// <summary>Writes one answer as a chat completion, whole or in chunks.</summary>
internal sealed class ChatWriter(HttpContext http, string model)
{
    private readonly string _id = $"chatcmpl-{Guid.NewGuid():N}";
    private readonly long _created = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
    private bool _hasSpoken;

    public async Task WriteCompletionAsync(IAsyncEnumerable<AnswerPiece> pieces)
    {
        (AnswerDocument answer, bool isCut) = await AnswerWriter.WholeAsync(pieces, http.RequestAborted);
        var choice = new ChatChoice(0, new AssistantMessage("assistant", answer.Answer, Annotations(answer)), FinishReason(isCut));
        var completion = new ChatCompletion(_id, "chat.completion", _created, model, [choice], Usage(answer));
        await http.Response.WriteAsJsonAsync(completion, OpenAIJson.Default.ChatCompletion, cancellationToken: http.RequestAborted);
    }

    /// <summary>The role, the text in pieces, the end with its annotations, the usage where it is wanted, and [DONE].</summary>
    public async Task WriteChunksAsync(IAsyncEnumerable<AnswerPiece> pieces, bool withUsage, TimeSpan heartbeat)
    {
        var events = new EventStream(http.Response);
        await foreach (AnswerPiece? piece in pieces.WithHeartbeats(heartbeat, http.RequestAborted))
        {
            if (piece is null)
                await events.BeatAsync();
            else if (piece.Problem is { } problem && !http.Response.HasStarted)
                throw new RefusalException(problem);
            else if (piece.Problem is { } late)
                await events.SendAsync(null, ErrorDocument.Of(new RefusalException(late)), OpenAIJson.Default.ErrorDocument);
            else if (piece.Answer is { } answer)
                await EndAsync(events, answer, piece.IsCut, withUsage);
            else
                await SpeakAsync(events, piece.Text ?? "");
        }
    }

    private async Task SpeakAsync(EventStream events, string text)
    {
        if (!_hasSpoken)
            await SendAsync(events, new ChunkDelta(Role: "assistant", Content: ""), null);
        _hasSpoken = true;
        if (text.Length > 0)
            await SendAsync(events, new ChunkDelta(Content: text), null);
    }

    private async Task EndAsync(EventStream events, AnswerDocument answer, bool isCut, bool withUsage)
    {
        if (!_hasSpoken)
            await SpeakAsync(events, answer.Answer);
        await SendAsync(events, new ChunkDelta(Annotations: Annotations(answer)), FinishReason(isCut));
        if (withUsage)
            await events.SendAsync(null, new ChatChunk(_id, "chat.completion.chunk", _created, model, [], Usage(answer)), OpenAIJson.Default.ChatChunk);
        await events.SendAsync("[DONE]");
    }

    private Task SendAsync(EventStream events, ChunkDelta delta, string? finish)
    {
        var chunk = new ChatChunk(_id, "chat.completion.chunk", _created, model, [new ChunkChoice(0, delta, finish)], null);
        return events.SendAsync(null, chunk, OpenAIJson.Default.ChatChunk);
    }

    private static string FinishReason(bool isCut) => isCut ? "length" : "stop";

    private static ChatUsage Usage(AnswerDocument answer) =>
        new(answer.Usage.PromptTokens, answer.Usage.CompletionTokens, answer.Usage.PromptTokens + answer.Usage.CompletionTokens);

    private Annotation[] Annotations(AnswerDocument answer)
    {
        string server = $"{http.Request.Scheme}://{http.Request.Host}";
        return [.. answer.Citations.Select(citation => new Annotation(
            "url_citation", new UrlCitation(0, answer.Answer.Length, server + citation.Keyframe, Title(citation)), citation))];
    }

    private static string Title(CitationDocument citation) => string.Create(CultureInfo.InvariantCulture,
        $"{citation.Stream ?? "video"}, {citation.StartSeconds:0.0} s to {citation.EndSeconds:0.0} s");
}
