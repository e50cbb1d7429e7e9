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

    /// <summary>How many tokens there are, timestamps included.</summary>
    public required int Vocabulary { get; init; }

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

    /// <exception cref="InvalidModelException">A field is missing or has an impossible value; the message names its file.</exception>
    public static WhisperManifest Parse(string config, string generation, string preprocessor)
    {
        const string ofSound = "preprocessor_config.json", ofSizes = "config.json", ofTokens = "generation_config.json";
        SpeechShape sound = ModelJson.Read(ofSound, preprocessor, root => new SpeechShape(
            Size(ofSound, root, "feature_size"), Size(ofSound, root, "sampling_rate"), Size(ofSound, root, "n_fft"), Size(ofSound, root, "hop_length"), Size(ofSound, root, "n_samples")));
        if (sound.SampleRate != VoiceActivity.SampleRate)
            throw new InvalidModelException($"{ofSound}: the model listens at {sound.SampleRate} samples a second, and only {VoiceActivity.SampleRate} can be given to it.");
        var (hidden, positions, most, vocabulary) = ModelJson.Read(ofSizes, config, root => root.Child("model_type")?.GetString() == "whisper"
            ? (Size(ofSizes, root, "d_model"), Size(ofSizes, root, "max_source_positions"), Size(ofSizes, root, "max_target_positions"), Size(ofSizes, root, "vocab_size"))
            : throw new InvalidModelException($"{ofSizes} is of a {root.Child("model_type")}, and the only speech recognisers that are known are of model_type whisper."));
        WhisperManifest manifest = ModelJson.Read(ofTokens, generation, root => new WhisperManifest
        {
            Hidden = hidden,
            Positions = positions,
            MostTokens = most,
            Vocabulary = vocabulary,
            Sound = sound,
            StartToken = Token(root, "decoder_start_token_id").GetInt32(),
            EndToken = Token(root, "eos_token_id") is { ValueKind: JsonValueKind.Array } many ? many[0].GetInt32() : Token(root, "eos_token_id").GetInt32(),
            NoTimestampsToken = Token(root, "no_timestamps_token_id").GetInt32(),
            Languages = root.Child("lang_to_id") is { } languages
                ? languages.EnumerateObject().ToDictionary(language => language.Name.Trim('<', '|', '>'), language => language.Value.GetInt32())
                : new Dictionary<string, int>(),
            TranscribeToken = root.Child("task_to_id")?.Child("transcribe")?.GetInt32(),
            Suppressed = Ids(root, "suppress_tokens"),
            SuppressedFirst = Ids(root, "begin_suppress_tokens"),
            LatestFirstTimestamp = root.Child("max_initial_timestamp_index")?.GetInt32(),
        });
        int? unknown = manifest.Tokens().Cast<int?>().FirstOrDefault(token => token < 0 || token >= vocabulary);
        if (unknown is not null)
            throw new InvalidModelException($"{ofTokens} names the token {unknown}, and by \"vocab_size\" of {ofSizes} there are {vocabulary}.");
        return manifest.LatestFirstTimestamp is not < 0 ? manifest : throw new InvalidModelException($"{ofTokens}: \"max_initial_timestamp_index\" is below 0.");
    }

    /// <summary>All that are named.</summary>
    private IEnumerable<int> Tokens() =>
        [StartToken, EndToken, NoTimestampsToken, FirstTimestamp, .. Languages.Values, .. TranscribeToken is { } task ? [task] : (int[])[], .. Suppressed, .. SuppressedFirst];

    private static int Size(string file, JsonElement root, string field) => root.Positive(field) ?? throw new InvalidModelException($"{file}: \"{field}\" is missing or no positive number.");

    private static JsonElement Token(JsonElement root, string field) => root.Child(field) ?? throw new InvalidModelException($"generation_config.json has no \"{field}\".");

    private static int[] Ids(JsonElement root, string field) => root.Child(field) is { } ids ? [.. ids.EnumerateArray().Select(id => id.GetInt32()).Where(id => id >= 0)] : [];
}
