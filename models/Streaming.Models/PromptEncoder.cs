using System.Text;

namespace Streaming.Models;

/// <summary>Prompt -> token ids: renders the chat template and gives each frame, between its family's marks, as many image tokens as it has rows.</summary>
public sealed class PromptEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly ModelManifest _manifest;
    private readonly string _imageToken;
    private readonly string? _videoToken;

    /// <exception cref="InvalidModelException">The tokenizer does not know the image token that config.json names.</exception>
    public PromptEncoder(Tokenizer tokenizer, ChatTemplate template, ModelManifest manifest)
    {
        (_tokenizer, _template, _manifest) = (tokenizer, template, manifest);
        _imageToken = tokenizer.AddedTokenOf(manifest.ImageTokenId)
            ?? throw new InvalidModelException($"tokenizer.json has no added token {manifest.ImageTokenId}, the image token of config.json.");
        _videoToken = manifest.VideoTokenId is { } video ? tokenizer.AddedTokenOf(video) : null;
        if (manifest.Wording.FramesAreOneVideo && _videoToken is null)
            throw new InvalidModelException("config.json names no video token that tokenizer.json knows.");
    }

    /// <exception cref="ArgumentException">Visual tokens of another width than the model's.</exception>
    /// <exception cref="PromptTooLongException">The prompt leaves no room for an answer.</exception>
    public EncodedPrompt Encode(Prompt prompt)
    {
        IReadOnlyList<VisualTokens>[] places = [.. prompt.Messages.SelectMany(message => message.Content).Select(Frames).Where(some => some.Count > 0)];
        VisualTokens[] frames = [.. places.SelectMany(some => some)];
        if (Array.Find(frames, frame => frame.Hidden != _manifest.Vision.Hidden) is { } foreign)
            throw new ArgumentException($"Visual tokens are {foreign.Hidden} wide, {_manifest.Name} reads {_manifest.Vision.Hidden}.");
        string text = Expand(_template.Render(prompt, escape: _tokenizer.Guard), places);
        int[] ids = _tokenizer.Encode(text);
        if (ids.Length >= _manifest.ContextTokens)
            throw new PromptTooLongException(ids.Length, _manifest.ContextTokens);
        int open = ids.AsSpan().Count(_manifest.ImageTokenId), rows = frames.Sum(frame => frame.Count);
        return open == rows
            ? new EncodedPrompt(ids, frames)
            : throw new InvalidModelException($"The prompt has {open} places for {rows} visual tokens.");
    }

    private static IReadOnlyList<VisualTokens> Frames(ContentPart part) => part switch
    {
        VisualPart visual => [visual.Tokens],
        VideoPart video => video.Frames,
        _ => [],
    };

    /// <summary>Writes for the n-th frame or video as many image tokens as it has rows.</summary>
    private string Expand(string rendered, IReadOnlyList<VisualTokens>[] places)
    {
        string[] pieces = rendered.Split(_manifest.Wording.FramesAreOneVideo ? _videoToken : _imageToken);
        if (pieces.Length != places.Length + 1)
            throw new InvalidModelException($"The chat template left {pieces.Length - 1} places for {places.Length} frames or videos.");
        var text = new StringBuilder(pieces[0]);
        for (int i = 0; i < places.Length; i++)
        {
            text.Append(_manifest.Wording.FrameStart);
            text.Insert(text.Length, _imageToken, places[i].Sum(frame => frame.Count)).Append(_manifest.Wording.FrameEnd).Append(pieces[i + 1]);
        }
        return text.ToString();
    }
}

/// <summary>Token ids with the visual rows that replace the image tokens among them, in order.</summary>
public sealed record EncodedPrompt(int[] TokenIds, IReadOnlyList<VisualTokens> Frames);
