using System.Text.Json;

namespace Streaming.Models.Families;

/// <summary>
/// SmolVLM2 (arXiv 2504.05299) on video: frames are squared without being split, a square of patches makes one token, every frame stands
/// between fake tokens under its time, and the whole under a sentence with the number of frames and the length of the film. The wording
/// is that of SmolVLMProcessor in Hugging Face's transformers, with which the models were tuned.
/// </summary>
internal sealed class SmolVlmFamily : ModelFamily
{
    private const string FakeToken = "<fake_token_around_image>", WholePicture = "<global-img>";

    internal override PictureSize Picture(JsonElement preprocessor)
    {
        int side = preprocessor.Child("max_image_size")?.Positive("longest_edge") ?? throw ImagePreprocessor.Unusable("max_image_size.longest_edge");
        int? longest = preprocessor.Child("video_sampling")?.Child("video_size")?.Positive("longest_edge");
        return new PictureSize(side, side, longest ?? side);
    }

    internal override (int Rows, int Columns) Grid(JsonElement config, PictureSize picture)
    {
        int patch = config.Child("vision_config")?.Positive("patch_size") ?? throw ModelManifest.Missing("vision_config.patch_size");
        int side = patch * (config.Positive("scale_factor") ?? throw ModelManifest.Missing("scale_factor"));
        return (picture.Height / side, picture.Width / side);
    }

    internal override PromptWording Wording(JsonElement config) => new(new FrameHeader("\nFrame from {mm:ss}:"), "\n\n")
    {
        Intro = new FilmIntro("You are provided the following series of {frames} frames from a {h:mm:ss} [H:MM:SS] video.\n"),
        FrameStart = FakeToken + WholePicture,
        FrameEnd = FakeToken,
    };

    public override IReadOnlyList<VisionInput> VisionInputs(VisionShape shape) =>
    [
        new("pixel_values", VisionInputContent.PixelValues, frames => [1, frames, 3, shape.ImageHeight, shape.ImageWidth]),
        new("pixel_attention_mask", VisionInputContent.PixelMask, frames => [1, frames, shape.ImageHeight, shape.ImageWidth]),
    ];
}
