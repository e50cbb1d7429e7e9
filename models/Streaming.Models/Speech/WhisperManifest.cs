using System.Text.Json;

namespace Streaming.Models.Speech;

/// <summary>What has to be known of a folder of Whisper's family: config.json, generation_config.json and preprocessor_config.json.</summary>
public sealed record WhisperManifest
{
    /// <summary>Of the encoder's output.</summary>
    public required int Hidden { get; init; }

    /// <summary>Rows of the encoder's output; a timestamp token stands for each, and one for its end.</summary>
    public required int Positions { get; init; }

    /// <summary>The longest text with the tokens before it.</summary>
    public required int MostTokens { get; init; }

    public required SpeechShape Sound { get; init; }

    public required int StartToken { get; init; }

    public required int EndToken { get; init; }

    /// <summary>The first timestamp, of zero seconds, is the one after it.</summary>
    public required int NoTimestampsToken { get; init; }

    /// <summary>Tokens by language, such as "en"; none of a model for English alone.</summary>
    public required IReadOnlyDictionary<string, int> Languages { get; init; }

    /// <summary>Follows the language; null of a model for English alone.</summary>
    public int? TranscribeToken { get; init; }

    /// <summary>Never written.</summary>
    public required IReadOnlyList<int> Suppressed { get; init; }

    /// <summary>Never written first.</summary>
    public required IReadOnlyList<int> SuppressedFirst { get; init; }

    /// <summary>The latest timestamp that a text may begin with, counted from the first; null: any.</summary>
    public int? LatestFirstTimestamp { get; init; }

    public int FirstTimestamp => NoTimestampsToken + 1;

    /// <summary>The time that a timestamp stands for.</summary>
    public TimeSpan TimeOf(int timestamp) => Sound.Length * (timestamp - FirstTimestamp) / Positions;

    /// <exception cref="InvalidModelException">A field is missing or has an impossible value.</exception>
    public static WhisperManifest Parse(string config, string generation, string preprocessor)
    {
        SpeechShape sound = ModelJson.Read("preprocessor_config.json", preprocessor, root => new SpeechShape(
            Required(root, "feature_size"), Required(root, "sampling_rate"), Required(root, "n_fft"), Required(root, "hop_length"), Required(root, "n_samples")));
        var (hidden, positions, most) = ModelJson.Read("config.json", config, root => root.Child("model_type")?.GetString() == "whisper"
            ? (Required(root, "d_model"), Required(root, "max_source_positions"), Required(root, "max_target_positions"))
            : throw new InvalidModelException($"config.json is of a {root.Child("model_type")}, and the only speech recognisers that are known are of model_type whisper."));
        return ModelJson.Read("generation_config.json", generation, root => new WhisperManifest
        {
            Hidden = hidden,
            Positions = positions,
            MostTokens = most,
            Sound = sound,
            StartToken = root.GetProperty("decoder_start_token_id").GetInt32(),
            EndToken = root.GetProperty("eos_token_id") is { ValueKind: JsonValueKind.Array } many ? many[0].GetInt32() : root.GetProperty("eos_token_id").GetInt32(),
            NoTimestampsToken = root.GetProperty("no_timestamps_token_id").GetInt32(),
            Languages = root.Child("lang_to_id") is { } languages
                ? languages.EnumerateObject().ToDictionary(language => language.Name.Trim('<', '|', '>'), language => language.Value.GetInt32())
                : new Dictionary<string, int>(),
            TranscribeToken = root.Child("task_to_id")?.Child("transcribe")?.GetInt32(),
            Suppressed = Ids(root, "suppress_tokens"),
            SuppressedFirst = Ids(root, "begin_suppress_tokens"),
            LatestFirstTimestamp = root.Child("max_initial_timestamp_index")?.GetInt32(),
        });
    }

    private static int Required(JsonElement root, string field) => root.Positive(field) ?? throw new InvalidModelException($"\"{field}\" is missing or no positive number.");

    private static int[] Ids(JsonElement root, string field) => root.Child(field) is { } ids ? [.. ids.EnumerateArray().Select(id => id.GetInt32()).Where(id => id >= 0)] : [];
}
