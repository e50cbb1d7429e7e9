using Microsoft.AspNetCore.Http;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>Writes an answer as one object, or piece by piece as server-sent events. A client that goes away ends the model's work.</summary>
internal static class AnswerWriter
{
    public static Task WriteAsync(HttpContext http, IStreamDirectory directory, HttpSettings settings, AskRequest request)
    {
        IAsyncEnumerable<AnswerPiece> pieces = directory.AskAsync(request, http.RequestAborted);
        return EventStream.IsWanted(http.Request) ? WriteEventsAsync(http, pieces, settings.Heartbeat) : WriteObjectAsync(http, pieces);
    }

    /// <summary>The whole answer, and whether it was cut short.</summary>
    /// <exception cref="RefusalException">It ended in a problem.</exception>
    public static async Task<(AnswerDocument Answer, bool IsCut)> WholeAsync(IAsyncEnumerable<AnswerPiece> pieces, CancellationToken cancellation)
    {
        await foreach (AnswerPiece piece in pieces.WithCancellation(cancellation))
        {
            if (piece.Problem is { } problem)
                throw new RefusalException(problem);
            if (piece.Answer is { } answer)
                return (answer, piece.IsCut);
        }
        throw new InvalidOperationException("the answer ended without its last piece");
    }

    private static async Task WriteObjectAsync(HttpContext http, IAsyncEnumerable<AnswerPiece> pieces)
    {
        (AnswerDocument answer, _) = await WholeAsync(pieces, http.RequestAborted);
        await http.Response.WriteAsJsonAsync(answer, DocumentJson.Default.AnswerDocument, cancellationToken: http.RequestAborted);
    }

    /// <summary>
    /// Events <c>text</c> with pieces, then <c>answer</c> with the whole object. A problem before the first event is a problem document,
    /// later it is the last event, <c>problem</c>.
    /// </summary>
    private static async Task WriteEventsAsync(HttpContext http, IAsyncEnumerable<AnswerPiece> pieces, TimeSpan heartbeat)
    {
        var events = new EventStream(http.Response);
        await foreach (AnswerPiece? piece in pieces.WithHeartbeats(heartbeat, http.RequestAborted))
        {
            if (piece is null)
                await events.BeatAsync();
            else if (piece.Problem is { } problem && !http.Response.HasStarted)
                throw new RefusalException(problem);
            else if (piece.Problem is { } late)
                await events.SendAsync("problem", ProblemMiddleware.Document(http, new RefusalException(late)), HttpJson.Default.ProblemDocument);
            else if (piece.Answer is { } answer)
                await events.SendAsync("answer", answer, DocumentJson.Default.AnswerDocument);
            else
                await events.SendAsync("text", new TextPiece(piece.Text ?? ""), HttpJson.Default.TextPiece);
        }
    }
}
