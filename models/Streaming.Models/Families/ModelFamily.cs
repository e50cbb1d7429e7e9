using System.Text.Json;

namespace Streaming.Models.Families;

/// <summary>
/// What models of one architecture do in their own way, as they are published in Hugging Face's ONNX layout; all else is one path for all.
/// Immutable; any thread may use it.
/// </summary>
public abstract class ModelFamily
{
    /// <summary>The family that a config.json names as its <c>model_type</c>.</summary>
    /// <param name="config">Text of config.json.</param>
    /// <exception cref="InvalidModelException">It names none that is known.</exception>
    public static ModelFamily Parse(string config) => ModelJson.Read("config.json", config, Of);

    internal static ModelFamily Of(JsonElement config) => NameOf(config) switch
    {
        // Models of our own have the layout but say themselves how they want their frames.
        "llava_onevision" when config.Child("streaming") is null => new LlavaOnevisionFamily(),
        "llava_onevision" or "llava" => new LlavaFamily(),
        "llava_qwen2" => new FastVlmFamily(),
        "qwen2_vl" => new Qwen2VlFamily(),
        "smolvlm" => new SmolVlmFamily(),
        var other => throw new InvalidModelException(
            $"config.json: model_type \"{other}\" is not supported, only llava, llava_onevision, llava_qwen2, qwen2_vl and smolvlm."),
    };

    internal static string NameOf(JsonElement config) =>
        config.Child("model_type")?.GetString() ?? throw new InvalidModelException("config.json has no usable \"model_type\".");

    /// <summary>How a picture becomes the encoder's square or oblong.</summary>
    /// <param name="preprocessor">The root of preprocessor_config.json.</param>
    internal abstract PictureSize Picture(JsonElement preprocessor);

    /// <summary>Rows and columns of a frame's tokens.</summary>
    /// <param name="config">The root of config.json.</param>
    internal abstract (int Rows, int Columns) Grid(JsonElement config, PictureSize picture);

    /// <summary>Rows and columns of what the vision encoder writes; they are pooled where they are more than a frame's tokens.</summary>
    /// <param name="config">The root of config.json.</param>
    internal virtual (int Rows, int Columns) EncodedGrid(JsonElement config, PictureSize picture) => Grid(config, picture);

    /// <summary>The text around frames in a prompt.</summary>
    /// <param name="config">The root of config.json.</param>
    internal abstract PromptWording Wording(JsonElement config);

    /// <summary>What vision_encoder reads.</summary>
    public abstract IReadOnlyList<VisionInput> VisionInputs(VisionShape shape);

    /// <summary>The sizes of image_features for a number of frames.</summary>
    public virtual long[] FeatureShape(VisionShape shape, int frames) => [frames, shape.Encoded.TokensPerFrame, shape.Hidden];

    /// <summary>The most frames that vision_encoder reads in one run.</summary>
    public virtual int MostFrames => int.MaxValue;

    /// <summary>The encoder has its patches row by row, so that what it says of each can be told to its token.</summary>
    public virtual bool PatchesAreInRows => true;

    /// <summary>Numbers in the position of a token.</summary>
    public virtual int PositionAxes => 1;

    /// <summary>Where a prompt's tokens stand.</summary>
    public virtual TokenPositions Positions(EncodedPrompt prompt, ModelManifest manifest) => TokenPositions.OneByOne(prompt.TokenIds.Length);
}

/// <summary>What a vision encoder's picture measures, in pixels.</summary>
/// <param name="LongestEdge">Where set, a picture is first brought to this longer side with its proportions, and then to width and height.</param>
public sealed record PictureSize(int Width, int Height, int? LongestEdge = null)
{
    /// <summary>The sizes that a picture takes on one after another; the last is width and height.</summary>
    public IEnumerable<(int Width, int Height)> Steps(int sourceWidth, int sourceHeight)
    {
        if (LongestEdge is { } longest)
            yield return Fitted(sourceWidth, sourceHeight, longest);
        yield return (Width, Height);
    }

    /// <summary>The shorter side is rounded down to whole pixels, then up to an even number, as Idefics 3's preprocessing has it.</summary>
    private static (int Width, int Height) Fitted(int width, int height, int longest)
    {
        double aspect = (double)width / height;
        return width >= height ? (longest, Even(longest / aspect)) : (Even(longest * aspect), longest);

        static int Even(double side) => Math.Max(1, (int)side + ((int)side % 2));
    }
}

/// <summary>A tensor that a vision encoder reads.</summary>
/// <param name="Shape">Its sizes for a number of frames.</param>
public sealed record VisionInput(string Name, VisionInputContent Content, Func<int, long[]> Shape)
{
    /// <summary>Of <see cref="VisionInputContent.Patches"/>.</summary>
    public PatchCut? Cut { get; init; }

    /// <summary>Of <see cref="VisionInputContent.PatchGrids"/>: steps of time, rows and columns of a frame's patches.</summary>
    public long[] Grid { get; init; } = [];
}

public enum VisionInputContent
{
    /// <summary>float32, the frames' pixel_values in order.</summary>
    PixelValues,

    /// <summary>bool, true everywhere: every frame fills its picture.</summary>
    PixelMask,

    /// <summary>float32, the frames' pixel_values cut into patches.</summary>
    Patches,

    /// <summary>int64, the grid of each frame's patches.</summary>
    PatchGrids,
}
