using System.Text.Json;

namespace Streaming.Models.Families;

/// <summary>
/// LLaVA-OneVision (arXiv 2408.03326) on video, as it is published: every frame's grid is pooled to half its sides, rounded up (729 tokens
/// become 196), outside the network, and all frames follow one another as one video without text between. The vector that Hugging Face's
/// version sets behind a video's last token (image_newline) is in none of the published ONNX files and left out.
/// </summary>
internal sealed class LlavaOnevisionFamily : LlavaFamily
{
    internal override (int Rows, int Columns) EncodedGrid(JsonElement config, PictureSize picture) => base.Grid(config, picture);

    internal override (int Rows, int Columns) Grid(JsonElement config, PictureSize picture)
    {
        var (rows, columns) = base.Grid(config, picture);
        return ((rows + 1) / 2, (columns + 1) / 2);
    }

    /// <summary>The chat template sets line breaks.</summary>
    internal override PromptWording Wording(JsonElement config) => new(new FrameHeader(""), "") { FramesAreOneVideo = true };
}
