using System.Text.Json;

namespace Streaming.Models.Families;

/// <summary>
/// LLaVA: one fixed size of pictures and a token a patch. Models of our own, which use this layout, say in config.json's <c>streaming</c>
/// what the published ones leave to each program: the text around frames, and the grid where it is not image size over patch size.
/// </summary>
internal class LlavaFamily : ModelFamily
{
    internal override PictureSize Picture(JsonElement preprocessor)
    {
        var size = preprocessor.Child("size") ?? throw ImagePreprocessor.Unusable("size");
        return new PictureSize(
            size.Positive("width") ?? throw ImagePreprocessor.Unusable("size.width"),
            size.Positive("height") ?? throw ImagePreprocessor.Unusable("size.height"));
    }

    internal override (int Rows, int Columns) Grid(JsonElement config, PictureSize picture)
    {
        if (config.Child("streaming")?.Child("grid") is { } grid)
            return (grid[0].GetInt32(), grid[1].GetInt32());
        int patch = config.Child("vision_config")?.Positive("patch_size") ?? throw ModelManifest.Missing("vision_config.patch_size");
        return (picture.Height / patch, picture.Width / patch);
    }

    internal override PromptWording Wording(JsonElement config)
    {
        var streaming = config.Child("streaming");
        return new PromptWording(
            new FrameHeader(streaming?.Child("frame_header")?.GetString() ?? ""),
            streaming?.Child("question_separator")?.GetString() ?? "\n");
    }

    public sealed override IReadOnlyList<VisionInput> VisionInputs(VisionShape shape) =>
        [new("pixel_values", VisionInputContent.PixelValues, frames => [frames, 3, shape.ImageHeight, shape.ImageWidth])];
}
