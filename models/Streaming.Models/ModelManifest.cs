using System.Text.Json;
using Streaming.Models.Families;

namespace Streaming.Models;

/// <summary>What the service must know about a model, read from the JSON files of its folder: code holds no model constants.</summary>
public sealed record ModelManifest
{
    /// <summary>The folder's name, such as <c>scenes</c>.</summary>
    public required string Name { get; init; }

    /// <summary><c>model_type</c> of config.json, such as <c>llava_onevision</c>.</summary>
    public required string Family { get; init; }

    public required VisionShape Vision { get; init; }

    /// <summary>The token that stands for one visual row in a prompt.</summary>
    public required int ImageTokenId { get; init; }

    /// <summary>The token that stands for a whole video in what the chat template writes; null where the model knows none.</summary>
    public int? VideoTokenId { get; init; }

    /// <summary>The tokens that end an answer.</summary>
    public required IReadOnlyList<int> EosTokenIds { get; init; }

    /// <summary>The longest prompt and answer together, in tokens.</summary>
    public required int ContextTokens { get; init; }

    /// <summary>The text around frames in a prompt.</summary>
    public required PromptWording Wording { get; init; }

    /// <summary>Whether the model is given notes: true of all that know the world's words, false where <c>streaming.reads_notes</c> says so.</summary>
    public required bool ReadsNotes { get; init; }

    /// <summary>Whether the model is given the earlier turns of a conversation: true of all that are trained to talk, false where <c>streaming.reads_turns</c> says so.</summary>
    public bool ReadsTurns { get; init; } = true;

    /// <param name="name">The name that answers carry.</param>
    /// <param name="config">Text of config.json.</param>
    /// <param name="preprocessor">The preprocessor, which fixes the input picture.</param>
    /// <param name="generation">Text of generation_config.json; null where the folder has none.</param>
    /// <exception cref="InvalidModelException">A required field is missing or has an impossible value.</exception>
    public static ModelManifest Parse(string name, string config, ImagePreprocessor preprocessor, string? generation)
    {
        int[]? eos = ModelJson.Read("generation_config.json", generation ?? "{}", root => Ids(root.Child("eos_token_id")));
        return ModelJson.Read("config.json", config, root => Parse(name, root, preprocessor, eos));
    }

    private static ModelManifest Parse(string name, JsonElement root, ImagePreprocessor preprocessor, int[]? eos)
    {
        var text = root.Child("text_config") ?? root;
        var family = ModelFamily.Of(root);
        var (rows, columns) = family.Grid(root, preprocessor.Size);
        var (encodedRows, encodedColumns) = family.EncodedGrid(root, preprocessor.Size);
        return new ModelManifest
        {
            Name = name,
            Family = ModelFamily.NameOf(root),
            Vision = new VisionShape(
                preprocessor.Width, preprocessor.Height, rows, columns, text.Positive("hidden_size") ?? throw Missing("hidden_size"))
            {
                EncodedRows = encodedRows,
                EncodedColumns = encodedColumns,
            },
            ImageTokenId = (root.Child("image_token_index") ?? root.Child("image_token_id"))?.GetInt32() ?? throw Missing("image_token_index"),
            VideoTokenId = (root.Child("video_token_index") ?? root.Child("video_token_id"))?.GetInt32(),
            EosTokenIds = eos ?? Ids(root.Child("eos_token_id") ?? text.Child("eos_token_id")) ?? throw Missing("eos_token_id"),
            ContextTokens = text.Positive("max_position_embeddings") ?? root.Positive("max_position_embeddings")
                ?? throw Missing("max_position_embeddings"),
            Wording = family.Wording(root),
            ReadsNotes = root.Child("streaming")?.Child("reads_notes")?.GetBoolean() ?? true,
            ReadsTurns = root.Child("streaming")?.Child("reads_turns")?.GetBoolean() ?? true,
        };
    }

    private static int[]? Ids(JsonElement? ids) => ids switch
    {
        { ValueKind: JsonValueKind.Number } one => [one.GetInt32()],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(id => id.GetInt32())],
        _ => null,
    };

    internal static InvalidModelException Missing(string field) => new($"config.json has no usable \"{field}\".");
}

/// <summary>The files of a model folder do not describe a model that can run; the message says what is wrong where.</summary>
public class InvalidModelException(string message, Exception? inner = null) : Exception(message, inner);
