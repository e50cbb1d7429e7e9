using System.Text;

namespace Streaming.Models;

/// <summary>Prompt -> token ids: renders the chat template and gives each frame, between its family's marks, as many image tokens as it has rows.</summary>
public sealed class PromptEncoder
{
    private readonly Tokenizer _tokenizer;
    private readonly ChatTemplate _template;
    private readonly ModelManifest _manifest;
    private readonly string _imageToken;

    /// <exception cref="InvalidModelException">The tokenizer does not know the image token that config.json names.</exception>
    public PromptEncoder(Tokenizer tokenizer, ChatTemplate template, ModelManifest manifest)
    {
        (_tokenizer, _template, _manifest) = (tokenizer, template, manifest);
        _imageToken = tokenizer.AddedTokenOf(manifest.ImageTokenId)
            ?? throw new InvalidModelException($"tokenizer.json has no added token {manifest.ImageTokenId}, the image token of config.json.");
    }

    /// <exception cref="ArgumentException">Visual tokens of another width than the model's.</exception>
    /// <exception cref="PromptTooLongException">The prompt leaves no room for an answer.</exception>
    public EncodedPrompt Encode(Prompt prompt)
    {
        VisualTokens[] frames =
            [.. prompt.Messages.SelectMany(message => message.Content).OfType<VisualPart>().Select(part => part.Tokens)];
        if (Array.Find(frames, frame => frame.Hidden != _manifest.Vision.Hidden) is { } foreign)
            throw new ArgumentException($"Visual tokens are {foreign.Hidden} wide, {_manifest.Name} reads {_manifest.Vision.Hidden}.");
        string text = Expand(_template.Render(prompt, escape: _tokenizer.Guard), frames);
        int[] ids = _tokenizer.Encode(text);
        if (ids.Length >= _manifest.ContextTokens)
            throw new PromptTooLongException(ids.Length, _manifest.ContextTokens);
        int places = ids.AsSpan().Count(_manifest.ImageTokenId), rows = frames.Sum(frame => frame.Count);
        return places == rows
            ? new EncodedPrompt(ids, frames)
            : throw new InvalidModelException($"The prompt has {places} places for {rows} visual tokens.");
    }

    /// <summary>Repeats the n-th image token as often as the n-th frame has rows.</summary>
    private string Expand(string rendered, VisualTokens[] frames)
    {
        string[] pieces = rendered.Split(_imageToken);
        if (pieces.Length != frames.Length + 1)
            throw new InvalidModelException($"The chat template wrote {pieces.Length - 1} image tokens for {frames.Length} frames.");
        var text = new StringBuilder(pieces[0]);
        for (int i = 0; i < frames.Length; i++)
        {
            text.Append(_manifest.Wording.FrameStart);
            text.Insert(text.Length, _imageToken, frames[i].Count).Append(_manifest.Wording.FrameEnd).Append(pieces[i + 1]);
        }
        return text.ToString();
    }
}

/// <summary>Token ids with the visual rows that replace the image tokens among them, in order.</summary>
public sealed record EncodedPrompt(int[] TokenIds, IReadOnlyList<VisualTokens> Frames);
