using System.Text.Json;
using Streaming.Contracts;

namespace Streaming.Server.Http.OpenAI;

/// <summary>
/// What a conversation asks: the text of its last message, about all videos that the user named in it so far. A video named again counts
/// as it was named last. Earlier questions that were answered are its turns; instructions are not read, because the model answers
/// questions about pictures.
/// </summary>
/// <param name="Videos">In the order of their first naming; empty: none was named.</param>
/// <param name="Said">The newest turns.</param>
public sealed record Conversation(string Question, IReadOnlyList<VideoReference> Videos, IReadOnlyList<SaidTurn> Said)
{
    private static readonly string[] PassedOver = ["system", "developer"];

    /// <summary>As many as a conversation has that is kept here.</summary>
    private const int MostTurns = 32;

    /// <exception cref="RefusalException">The conversation is not of this shape.</exception>
    public static Conversation Of(IReadOnlyList<ChatMessage?>? messages)
    {
        if (messages is not { Count: > 0 })
            throw Refused("messages are missing");
        var videos = new OrderedDictionary<SourceName, VideoReference>();
        var said = new Queue<SaidTurn>();
        string question = "";
        foreach (ChatMessage? message in messages)
        {
            if (message?.Role is null)
                throw Refused("each message needs a role");
            if (PassedOver.Contains(message.Role))
                continue;
            if (message.Role == "assistant")
            {
                if (question.Length > 0 && Spoken(message.Content) is { Length: > 0 } answer)
                    said.Enqueue(new SaidTurn(question, answer));
                if (said.Count > MostTurns)
                    said.Dequeue();
                question = "";
                continue;
            }
            if (message.Role != "user")
                throw Refused("messages are from system, developer, user or assistant; there are no tools here");
            question = Read(message.Content, videos);
        }
        if (messages[^1]!.Role != "user")
            throw Refused("the last message has to be the user's question");
        return string.IsNullOrWhiteSpace(question)
            ? throw Refused("the last message holds no text")
            : new Conversation(question, [.. videos.Values], [.. said]);
    }

    /// <summary>As one question; all its videos have to be asked about the same stretch.</summary>
    /// <param name="sources">What is asked where no video was named.</param>
    /// <exception cref="RefusalException">The stretches differ.</exception>
    public AskRequest Request(IReadOnlyList<SourceName> sources)
    {
        if (Videos.Count == 0)
            return new AskRequest(sources, Question) { Said = Said };
        if (Videos.DistinctBy(video => (video.From, video.To)).Skip(1).Any())
            throw Refused("the videos of one question need the same from and to; name the earlier ones again with the stretch that is meant");
        return new AskRequest([.. Videos.Select(video => video.Source)], Question, Videos[0].From, Videos[0].To) { Said = Said };
    }

    /// <summary>The text of an answer, whose other parts are nothing to answer by.</summary>
    private static string Spoken(JsonElement? content) => content switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString()!.Trim(),
        { ValueKind: JsonValueKind.Array } array => string.Join('\n', array.Deserialize(OpenAIJson.Default.ContentPartArray)!.Select(part => part?.Text).OfType<string>()).Trim(),
        _ => "",
    };

    /// <returns>The message's text.</returns>
    private static string Read(JsonElement? content, OrderedDictionary<SourceName, VideoReference> videos)
    {
        if (content is { ValueKind: JsonValueKind.String } text)
            return text.GetString()!;
        if (content is not { ValueKind: JsonValueKind.Array } array)
            throw Refused("a message's content is a text or a list of parts");
        var words = new List<string>();
        foreach (ContentPart? part in array.Deserialize(OpenAIJson.Default.ContentPartArray)!)
        {
            if (part is { Type: "text", Text: { } said })
                words.Add(said);
            else if (part is { Type: "video_url" or "input_video" })
                Name(VideoReference.Parse(Address(part)), videos);
            else
                throw Refused("parts are of type text, video_url or input_video");
        }
        return string.Join('\n', words);
    }

    private static void Name(VideoReference video, OrderedDictionary<SourceName, VideoReference> videos) => videos[video.Source] = video;

    private static string Address(ContentPart part) => (part.VideoUrl ?? part.InputVideo) switch
    {
        { ValueKind: JsonValueKind.String } url => url.GetString()!,
        { ValueKind: JsonValueKind.Object } holder when holder.TryGetProperty("url", out JsonElement url) && url.ValueKind == JsonValueKind.String => url.GetString()!,
        _ => throw Refused("a video part needs its url"),
    };

    private static RefusalException Refused(string detail) => new(422, detail, "invalid_messages", "messages");
}
