using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Hub;
using Streaming.Models.Speech;

namespace Streaming.Models.Onnx.Speech;

/// <summary>encoder_model.onnx and decoder_model_merged.onnx of Whisper's family.</summary>
public sealed class OnnxSpeechRecognizer : ISpeechRecognizer
{
    /// <summary>Of models that know no other.</summary>
    private const string English = "en";

    private readonly WhisperManifest _manifest;
    private readonly Tokenizer _tokenizer;
    private readonly string? _language;
    private readonly InferenceSession _encoder, _decoder;
    private readonly LogMel _features;

    private OnnxSpeechRecognizer(SpeechFolder folder, InferenceSession encoder, InferenceSession decoder, string? language)
    {
        (_manifest, _tokenizer, _encoder, _decoder, _language) = (folder.Manifest, folder.Tokenizer, encoder, decoder, language);
        _features = new LogMel(_manifest.Sound);
        Name = folder.Name;
    }

    public string Name { get; }

    /// <inheritdoc/>
    public SpeechShape Sound => _manifest.Sound;

    /// <param name="language">Such as "en"; null: whatever each stretch of sound seems to be.</param>
    /// <exception cref="InvalidModelException">A file is missing, a graph's inputs and outputs are not those declared, or the language is not known.</exception>
    public static OnnxSpeechRecognizer Load(SpeechFolder folder, OnnxOptions options, string? language = null)
    {
        string[] known = folder.Manifest.Languages.Count == 0 ? [English] : [.. folder.Manifest.Languages.Keys.Order(StringComparer.Ordinal)];
        if (language is not null && !known.Contains(language))
            throw new InvalidModelException($"{folder.Name} does not know the language {language}; it knows {string.Join(", ", known)}.");
        var sessions = new SessionFactory(options);
        var encoder = sessions.Open(folder.Graph("encoder_model", options.Dtype));
        try
        {
            var decoder = sessions.Open(folder.Graph("decoder_model_merged", options.Dtype));
            try
            {
                Require(encoder, decoder, folder.Manifest);
                return new OnnxSpeechRecognizer(folder, encoder, decoder, language);
            }
            catch
            {
                decoder.Dispose();
                throw;
            }
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public Transcript Transcribe(ReadOnlySpan<float> sound, CancellationToken cancellation = default)
    {
        TimeSpan length = TimeSpan.FromSeconds((double)sound.Length / Sound.SampleRate);
        using var run = new RunOptions();
        using var registration = cancellation.Register(() => run.Terminate = true);
        try
        {
            using var heard = Encode(sound, run);
            string language = _manifest.Languages.Count == 0 ? English : _language ?? LanguageOf(heard, run);
            var writing = Write(heard, language, run);
            return new Transcript(language, writing.Lines(_tokenizer, length), writing.TokenIds, writing.LogProbability);
        }
        catch (OnnxRuntimeException) when (cancellation.IsCancellationRequested)
        {
            throw new OperationCanceledException(cancellation);
        }
    }

    public void Dispose()
    {
        _encoder.Dispose();
        _decoder.Dispose();
    }

    private OrtValue Encode(ReadOnlySpan<float> sound, RunOptions run)
    {
        using var features = new NativeTensor<float>(1, Sound.Bands, Sound.Frames);
        _features.Features(sound).CopyTo(features.Data);
        return _encoder.Run(run, ["input_features"], [features.Value], ["last_hidden_state"])[0];
    }

    /// <summary>The likeliest language of those that the model knows, as the token after the start.</summary>
    private string LanguageOf(OrtValue heard, RunOptions run)
    {
        using var cache = new SpeechCache(_decoder);
        float[] logits = cache.Read([_manifest.StartToken], heard, run);
        return _manifest.Languages.MaxBy(language => logits[language.Value]).Key;
    }

    private WhisperWriting Write(OrtValue heard, string language, RunOptions run)
    {
        int[] start = _manifest.Languages.TryGetValue(language, out int named) ? [_manifest.StartToken, named, .. _manifest.TranscribeToken is { } task ? [task] : (int[])[]] : [_manifest.StartToken];
        var writing = new WhisperWriting(_manifest);
        using var cache = new SpeechCache(_decoder);
        float[] logits = cache.Read(start, heard, run);
        // Half of what it can hold, as the published decoder has it: whoever says more in half a minute is a model that repeats itself.
        for (int left = _manifest.MostTokens / 2; left > 0; left--)
        {
            int token = writing.Next(logits);
            if (writing.Take(token) || left == 1)
                break;
            logits = cache.Read([token], heard, run);
        }
        return writing;
    }

    private static void Require(InferenceSession encoder, InferenceSession decoder, WhisperManifest manifest)
    {
        TensorElementType[] single = [TensorElementType.Float], integer = [TensorElementType.Int64];
        GraphSignature.Require(
            encoder, "encoder_model", [new("input_features", single, [null, manifest.Sound.Bands, null])], [new("last_hidden_state", single, [null, null, manifest.Hidden])]);
        string[] past = [.. decoder.InputNames.Where(SpeechCache.IsPast)];
        GraphSignature.Require(
            decoder, "decoder_model_merged",
            [
                new("input_ids", integer, [null, null]),
                new("encoder_hidden_states", single, [null, null, manifest.Hidden]),
                new("use_cache_branch", [TensorElementType.Bool], [1], Optional: true),
                .. past.Select(name => new TensorRule(name, single, [null, null, null, null])),
            ],
            [new("logits", single, [null, null, manifest.Vocabulary]), .. past.Select(name => new TensorRule(SpeechCache.Present(name), single, [null, null, null, null]))]);
        if (past.Length == 0 || past.Length % 4 != 0)
            throw new InvalidModelException($"decoder_model_merged declares {past.Length} tensors of a cache, and needs four for each layer.");
        if (Array.Find(past, name => decoder.InputMetadata[name].Dimensions is var sizes && (sizes[1] <= 0 || sizes[3] <= 0)) is { } free)
            throw new InvalidModelException($"decoder_model_merged: {free} must declare how many heads it has and how wide they are.");
    }
}
