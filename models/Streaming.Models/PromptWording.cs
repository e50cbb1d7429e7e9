namespace Streaming.Models;

/// <summary>The text around frames in a prompt.</summary>
/// <param name="FrameHeader">Stands before each frame.</param>
/// <param name="QuestionSeparator">Stands between the last frame and the question.</param>
public sealed record PromptWording(FrameHeader FrameHeader, string QuestionSeparator)
{
    /// <summary>Stands before the first frame; null for nothing.</summary>
    public FilmIntro? Intro { get; init; }

    /// <summary>Frames are told as one video without text between them.</summary>
    public bool FramesAreOneVideo { get; init; }

    /// <summary>Special tokens before the tokens of each frame.</summary>
    public string FrameStart { get; init; } = "";

    /// <summary>Special tokens after the tokens of each frame.</summary>
    public string FrameEnd { get; init; } = "";
}
