using System.Text.Json.Serialization;
using Streaming.Contracts;
using Streaming.Server.Http.Access;

namespace Streaming.Server.Http;

/// <summary>All streams in order of name.</summary>
public sealed record StreamList(IReadOnlyList<StreamDocument> Streams);

/// <summary>All files, the newest first.</summary>
public sealed record FileList(IReadOnlyList<FileDocument> Files);

/// <summary>A question about the stream or file that the path names.</summary>
/// <param name="From">Only what was seen from then on.</param>
/// <param name="To">Answer as of then; nothing seen later is used.</param>
/// <param name="Policy">By which reducer what was kept is made fewer for this question, such as mmtok-question; without it, it is read as it is kept.</param>
/// <param name="Retain">Share of the kept tokens that the policy leaves, above 0 and up to 1; without it, as many as a prompt takes.</param>
/// <param name="Detail">True: kept pictures are looked at again, enlarged; false: they are not; without it, if the question's words ask for detail, such as what is written somewhere.</param>
/// <param name="Sight">True: the answer also tells which visual tokens of which frames it was written from.</param>
/// <param name="Conversation">A name of the caller's choice: earlier questions and answers under it are read, so that "and before that?" means something, and this one is kept.</param>
public sealed record AskBody(string? Question, Moment? From = null, Moment? To = null, string? Policy = null, double? Retain = null, bool? Detail = null, bool? Sight = null, string? Conversation = null);

/// <summary>A question about several streams and files; without any named, about all streams.</summary>
/// <param name="Streams">Names of streams.</param>
/// <param name="Files">Ids of files.</param>
/// <param name="From">Only what was seen from then on.</param>
/// <param name="To">Answer as of then; nothing seen later is used.</param>
/// <param name="Policy">By which reducer what was kept is made fewer for this question, such as mmtok-question; without it, it is read as it is kept.</param>
/// <param name="Retain">Share of the kept tokens that the policy leaves, above 0 and up to 1; without it, as many as a prompt takes.</param>
/// <param name="Detail">True: kept pictures are looked at again, enlarged; false: they are not; without it, if the question's words ask for detail, such as what is written somewhere.</param>
/// <param name="Sight">True: the answer also tells which visual tokens of which frames it was written from.</param>
/// <param name="Conversation">A name of the caller's choice: earlier questions and answers under it are read, so that "and before that?" means something, and this one is kept.</param>
public sealed record AskManyBody(
    string? Question, IReadOnlyList<string?>? Streams = null, IReadOnlyList<string?>? Files = null, Moment? From = null, Moment? To = null,
    string? Policy = null, double? Retain = null, bool? Detail = null, bool? Sight = null, string? Conversation = null);

/// <summary>What somebody said or wrote near a stream, such as a line of a transcript.</summary>
/// <param name="Text">In English, with or without punctuation; at most 4000 characters.</param>
/// <param name="From">Only what was seen from then on.</param>
public sealed record UtteranceBody(string? Text, Moment? From = null);

/// <summary>What came of an utterance.</summary>
/// <param name="IsMeant">It is a question or an instruction to the service.</param>
/// <param name="Answer">Null if it is not.</param>
public sealed record UtteranceDocument(bool IsMeant, AnswerDocument? Answer);

/// <summary>A piece of the text of an answer: the data of a <c>text</c> event.</summary>
public sealed record TextPiece(string Text);

/// <summary>An empty object: the path says all there is to say.</summary>
public sealed record NoBody;

/// <summary>Whether the process lives, has started, or can take requests.</summary>
public sealed record HealthDocument(string Status);

/// <summary>RFC 9457. A kind is a word for programs; the trace id finds the log lines of the request.</summary>
/// <param name="Type">about:blank: the title is the status in words.</param>
public sealed record ProblemDocument(string Type, string Title, int Status, string Detail, string Kind, string TraceId);

/// <summary>How the server's own documents are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StreamList))]
[JsonSerializable(typeof(FileList))]
[JsonSerializable(typeof(AskBody))]
[JsonSerializable(typeof(AskManyBody))]
[JsonSerializable(typeof(UtteranceBody))]
[JsonSerializable(typeof(UtteranceDocument))]
[JsonSerializable(typeof(NoBody))]
[JsonSerializable(typeof(TextPiece))]
[JsonSerializable(typeof(SessionBody))]
[JsonSerializable(typeof(SessionDocument))]
[JsonSerializable(typeof(HealthDocument))]
[JsonSerializable(typeof(ProblemDocument))]
internal sealed partial class HttpJson : JsonSerializerContext;
