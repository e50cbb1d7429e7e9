namespace Streaming.Models;

/// <summary>A conversation with visual tokens in it, before the chat template of any model.</summary>
/// <param name="Prefix">Names its beginning, up to the last visual token, so that a model can go on from where it read the same before; null: it shall not.</param>
public sealed record Prompt(IReadOnlyList<ChatMessage> Messages, PrefixKey? Prefix = null)
{
    /// <summary>The JPEG of the frame of a time, for models that look at pictures themselves; gives null where there is none any more.</summary>
    public Func<TimeSpan, byte[]?>? Picture { get; init; }
}

/// <param name="Role"><c>system</c>, <c>user</c> or <c>assistant</c>.</param>
public sealed record ChatMessage(string Role, IReadOnlyList<ContentPart> Content);

/// <summary>A piece of a message.</summary>
public abstract record ContentPart;

public sealed record TextPart(string Text) : ContentPart;

/// <summary>The tokens of one frame, in order of place.</summary>
public sealed record VisualPart(VisualTokens Tokens) : ContentPart;

/// <summary>The tokens of frames that are told as one video, in order of time.</summary>
public sealed record VideoPart(IReadOnlyList<VisualTokens> Frames) : ContentPart;
