using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx.Speech;

/// <summary>
/// One transcript's keys and values: those of the text grow with every run, those of the sound are made by the first run and read by
/// all others, whose own are empty.
/// </summary>
internal sealed class SpeechCache : IDisposable
{
    private const string Past = "past_key_values.", OfSound = ".encoder.";

    private readonly InferenceSession _decoder;
    private readonly Dictionary<string, OrtValue> _past = [];
    private bool _hasRead;

    public SpeechCache(InferenceSession decoder)
    {
        _decoder = decoder;
        foreach (string name in decoder.InputNames.Where(IsPast))
        {
            var input = decoder.InputMetadata[name];
            _past[name] = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, input.ElementDataType, [1, input.Dimensions[1], 0, input.Dimensions[3]]);
        }
    }

    public static bool IsPast(string input) => input.StartsWith(Past, StringComparison.Ordinal);

    public static string Present(string past) => "present." + past[Past.Length..];

    /// <summary>Reads tokens after those that were read.</summary>
    /// <param name="heard">What the encoder made of the sound.</param>
    /// <returns>The logits after the last of them, [vocabulary].</returns>
    public float[] Read(IReadOnlyList<int> tokens, OrtValue heard, RunOptions run)
    {
        using var ids = new NativeTensor<long>(1, tokens.Count);
        using var isCached = new NativeTensor<bool>(1);
        for (int i = 0; i < tokens.Count; i++)
            ids.Data[i] = tokens[i];
        isCached.Data[0] = _hasRead;
        string[] cache = [.. _past.Keys], kept = [.. cache.Where(name => !_hasRead || !name.Contains(OfSound, StringComparison.Ordinal))];
        bool declares = _decoder.InputMetadata.ContainsKey("use_cache_branch");
        var outputs = _decoder.Run(
            run,
            ["input_ids", "encoder_hidden_states", .. declares ? ["use_cache_branch"] : (string[])[], .. cache],
            [ids.Value, heard, .. declares ? [isCached.Value] : (OrtValue[])[], .. cache.Select(name => _past[name])],
            ["logits", .. kept.Select(Present)]);
        foreach (var (index, name) in kept.Index())
        {
            _past[name].Dispose();
            _past[name] = outputs[index + 1];
        }
        _hasRead = true;
        using OrtValue logits = outputs[0];
        return logits.GetTensorDataAsSpan<float>()[^(int)logits.GetTensorTypeAndShape().Shape[^1]..].ToArray();
    }

    public void Dispose()
    {
        foreach (OrtValue value in _past.Values)
            value.Dispose();
    }
}
