using Streaming.Contracts;

namespace Streaming.Server.Http.OpenAI;

/// <summary>
/// The address of a video part: <c>stream://NAME</c> or <c>upload://ID</c>, with <c>?from=</c> and <c>&amp;to=</c> where only a stretch
/// is asked about. Every other address is refused: a caller never makes the server open one.
/// </summary>
public sealed record VideoReference(SourceName Source, Moment? From, Moment? To)
{
    /// <exception cref="RefusalException">The address is of another scheme or not well formed. Its text is not repeated: it may hold a password.</exception>
    public static VideoReference Parse(string url)
    {
        string[] scheme = url.Split("://", 2);
        SourceKind kind = scheme switch
        {
            ["stream", _] => SourceKind.Stream,
            ["upload", _] => SourceKind.File,
            _ => throw Refused("a video is named stream://NAME or upload://ID; declare cameras with POST /v1/streams and upload films with POST /v1/files", "unsupported_url"),
        };
        string[] parts = scheme[1].Split('?', 2);
        string name = Uri.UnescapeDataString(parts[0]);
        if (name.Length == 0 || name.AsSpan().IndexOfAny('/', '#') >= 0)
            throw Refused("a video's address needs one name after its scheme, such as stream://door");
        Moment? from = null, to = null;
        foreach (string pair in parts.Length == 2 ? parts[1].Split('&', StringSplitOptions.RemoveEmptyEntries) : [])
        {
            string[] item = pair.Split('=', 2);
            Moment moment = (item.Length == 2 ? Moment.Parse(Uri.UnescapeDataString(item[1])) : null)
                ?? throw Refused($"a video's from and to are seconds since the start, -seconds before now, or a date and time with its offset");
            switch (item[0])
            {
                case "from" when from is null: from = moment; break;
                case "to" when to is null: to = moment; break;
                default: throw Refused("a video's address takes from and to, once each");
            }
        }
        return new VideoReference(new SourceName(kind, name), from, to);
    }

    private static RefusalException Refused(string detail, string kind = "invalid_url") => new(422, detail, kind, "messages");
}
