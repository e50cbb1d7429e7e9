using System.Text.Json;

namespace Streaming.Models.Families;

/// <summary>
/// FastVLM (arXiv 2412.13303): LLaVA's way with an encoder that makes one token of 64 by 64 pixels. Its preprocessing crops; here pictures
/// are squeezed, so that nothing at their edges is lost.
/// </summary>
internal sealed class FastVlmFamily : LlavaFamily
{
    /// <summary>What FastViTHD makes a side shorter by; its config.json names the encoder without saying so.</summary>
    private const int Patch = 64;

    internal override PictureSize Picture(JsonElement preprocessor)
    {
        var size = preprocessor.Child("crop_size") ?? throw ImagePreprocessor.Unusable("crop_size");
        return new PictureSize(
            size.Positive("width") ?? throw ImagePreprocessor.Unusable("crop_size.width"),
            size.Positive("height") ?? throw ImagePreprocessor.Unusable("crop_size.height"));
    }

    internal override (int Rows, int Columns) Grid(JsonElement config, PictureSize picture) => (picture.Height / Patch, picture.Width / Patch);
}
