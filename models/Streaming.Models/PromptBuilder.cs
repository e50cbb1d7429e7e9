namespace Streaming.Models;

/// <summary>Turns what was seen and a question into a conversation: for each frame its time and its tokens, then notes of what was seen, then the question.</summary>
/// <remarks>Notes stand behind the frames: they change with every question, and a model that goes on from an earlier prompt keeps the frames.</remarks>
public sealed class PromptBuilder(PromptWording wording)
{
    public PromptBuilder(ModelManifest manifest)
        : this(manifest.Wording)
    {
    }

    /// <param name="seen">The tokens of whole or thinned frames in order of time; may be empty.</param>
    /// <param name="question">The question in the user's words.</param>
    /// <param name="history">Earlier turns of the conversation, text only; what was seen stands before them all.</param>
    /// <param name="notes">Whole lines; empty where there are none.</param>
    public Prompt Build(VisualTokens seen, string question, IReadOnlyList<ChatMessage>? history = null, string notes = "")
    {
        var frames = Frames(seen);
        if (history is not { Count: > 0 })
            return new Prompt([new ChatMessage("user", Asked(frames, notes + question))]);
        int first = FirstUserTurn(history);
        var messages = new List<ChatMessage>(history);
        messages[first] = new ChatMessage("user", Asked(frames, notes + Text(history[first])));
        messages.Add(new ChatMessage("user", [new TextPart(question)]));
        return new Prompt(messages);
    }

    private List<ContentPart> Asked(List<ContentPart> frames, string question)
    {
        string separator = frames.Count > 0 ? wording.QuestionSeparator : "";
        return [.. frames, new TextPart(separator + question)];
    }

    private List<ContentPart> Frames(VisualTokens seen)
    {
        var frames = FramesOf(seen);
        if (frames.Count == 0)
            return [];
        if (wording.FramesAreOneVideo)
            return [new VideoPart(frames)];
        var parts = new List<ContentPart>();
        if (wording.Intro is { } intro)
            parts.Add(new TextPart(intro.Text(frames.Count, seen.Origins.Span[^1].Time)));
        foreach (var frame in frames)
        {
            string text = wording.FrameHeader.Text(frame.Origins.Span[0].Time);
            if (text.Length > 0)
                parts.Add(new TextPart(text));
            parts.Add(new VisualPart(frame));
        }
        return parts;
    }

    private static List<VisualTokens> FramesOf(VisualTokens seen)
    {
        var frames = new List<VisualTokens>();
        for (int start = 0, end; start < seen.Count; start = end)
        {
            end = EndOfFrame(seen, start);
            frames.Add(seen.Slice(start, end - start));
        }
        return frames;
    }

    private static int EndOfFrame(VisualTokens seen, int start)
    {
        var origins = seen.Origins.Span;
        int end = start + 1;
        while (end < origins.Length && origins[end].Time == origins[start].Time)
            end++;
        return end;
    }

    private static int FirstUserTurn(IReadOnlyList<ChatMessage> history)
    {
        for (int i = 0; i < history.Count; i++)
            if (history[i].Role == "user")
                return i;
        throw new ArgumentException("The history has no user turn.", nameof(history));
    }

    private static string Text(ChatMessage message) => string.Concat(message.Content.OfType<TextPart>().Select(part => part.Text));
}
