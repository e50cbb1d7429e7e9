using System.Text.Json;

namespace Streaming.Models.Families;

/// <summary>
/// Qwen2-VL (arXiv 2409.12191): pictures come in as rows of patches, four of which make a token, and tokens stand on three axes. Frames are
/// told as single pictures under their times, since keyframes come at no fixed rate; each is seen twice, as the model sees still pictures.
/// </summary>
internal sealed class Qwen2VlFamily : ModelFamily
{
    /// <summary>Of the published models; their config.json repeats them.</summary>
    private const int Merge = 2, Frames = 2;

    /// <summary>Any size would do for the model; one for all frames, in the proportions of most cameras, is what a memory wants.</summary>
    private const int Wide = 16, High = 9;

    /// <summary>As many as 448 by 448 pixels give, which is what still pictures of the web have; a frame of 1080p by itself would have 2,691.</summary>
    private const int MostTokens = 256;

    internal override PictureSize Picture(JsonElement preprocessor)
    {
        int square = Merge * (preprocessor.Positive("patch_size") ?? throw ImagePreprocessor.Unusable("patch_size"));
        int most = preprocessor.Positive("max_pixels") ?? preprocessor.Child("size")?.Positive("longest_edge") ?? throw ImagePreprocessor.Unusable("max_pixels");
        double pixels = Math.Min(most, (long)MostTokens * square * square);
        return new PictureSize(Whole(Math.Sqrt(pixels * Wide / High)), Whole(Math.Sqrt(pixels * High / Wide)));

        int Whole(double side) => Math.Max(1, (int)side / square) * square;
    }

    internal override (int Rows, int Columns) Grid(JsonElement config, PictureSize picture)
    {
        var vision = config.Child("vision_config") ?? throw ModelManifest.Missing("vision_config");
        int patch = vision.Positive("patch_size") ?? throw ModelManifest.Missing("vision_config.patch_size");
        if ((vision.Positive("spatial_merge_size") ?? Merge) != Merge || (vision.Positive("temporal_patch_size") ?? Frames) != Frames)
            throw ModelManifest.Missing("vision_config.spatial_merge_size and temporal_patch_size");
        return (picture.Height / patch / Merge, picture.Width / patch / Merge);
    }

    internal override PromptWording Wording(JsonElement config) => new(new FrameHeader("\n{mm:ss} "), "\n");

    public override IReadOnlyList<VisionInput> VisionInputs(VisionShape shape)
    {
        int rows = shape.GridRows * Merge, columns = shape.GridColumns * Merge;
        var cut = new PatchCut(shape.ImageHeight / rows, Merge, Frames);
        return
        [
            new("pixel_values", VisionInputContent.Patches, frames => [(long)frames * rows * columns, cut.Width]) { Cut = cut },
            new("grid_thw", VisionInputContent.PatchGrids, frames => [frames, 3]) { Grid = [1, rows, columns] },
        ];
    }

    public override long[] FeatureShape(VisionShape shape, int frames) => [(long)frames * shape.Encoded.TokensPerFrame, shape.Hidden];

    /// <summary>Published graphs were traced with one picture, whose attention may span all that are given.</summary>
    public override int MostFrames => 1;

    public override bool PatchesAreInRows => false;

    public override int PositionAxes => 3;

    public override TokenPositions Positions(EncodedPrompt prompt, ModelManifest manifest) =>
        TokenPositions.OnGrids(prompt, manifest.ImageTokenId, manifest.Vision.GridRows, manifest.Vision.GridColumns);
}
