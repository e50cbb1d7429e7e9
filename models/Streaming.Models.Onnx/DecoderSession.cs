using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>One of the tensors that carry keys or values from step to step.</summary>
/// <param name="Past">Name of the input, [1, heads, past, width].</param>
/// <param name="Present">Name of the output, [1, heads, past + new, width].</param>
internal sealed record CacheTensor(string Past, string Present, TensorElementType Type, long Heads, long Width);

/// <summary>embed_tokens.onnx and decoder_model_merged.onnx with what their metadata says about cache, logits and optional inputs.</summary>
internal sealed class DecoderSession : IDisposable
{
    private static readonly TensorElementType[] Float = [TensorElementType.Float];
    private static readonly TensorElementType[] Integer = [TensorElementType.Int64];
    private static readonly TensorElementType[] FloatOrHalf = [TensorElementType.Float, TensorElementType.Float16];

    private ReadPrefix? _prefix;

    public DecoderSession(InferenceSession embed, InferenceSession decoder, OrtMemoryInfo cacheMemory, ModelManifest manifest)
    {
        (Embed, Decoder, CacheMemory, Manifest) = (embed, decoder, cacheMemory, manifest);
        try
        {
            Require();
        }
        catch
        {
            Dispose();
            throw;
        }
        Cache = [.. CacheInputs().Select(Describe)];
    }

    public InferenceSession Embed { get; }

    public InferenceSession Decoder { get; }

    public ModelManifest Manifest { get; }

    public int Hidden => Manifest.Vision.Hidden;

    public IReadOnlyList<CacheTensor> Cache { get; }

    /// <summary>Where keys and values stay between the steps.</summary>
    public OrtMemoryInfo CacheMemory { get; }

    /// <summary>What the latest prompt with pictures left behind; replacing it disposes it. Only the run whose turn it is may touch it.</summary>
    public ReadPrefix? Prefix
    {
        get => _prefix;
        set
        {
            _prefix?.Dispose();
            _prefix = value;
        }
    }

    public bool Declares(string input) => Decoder.InputMetadata.ContainsKey(input);

    public void Dispose()
    {
        Prefix = null;
        Embed.Dispose();
        Decoder.Dispose();
    }

    private void Require()
    {
        GraphSignature.Require(
            Embed, "embed_tokens",
            [new("input_ids", Integer, [null, null])],
            [new("inputs_embeds", Float, [null, null, Hidden])]);
        string[] past = [.. CacheInputs()];
        GraphSignature.Require(
            Decoder, "decoder_model_merged",
            [
                new("inputs_embeds", Float, [null, null, Hidden]),
                new("attention_mask", Integer, [null, null]),
                new("position_ids", Integer, [null, null], Optional: true),
                new("num_logits_to_keep", Integer, [], Optional: true),
                new("use_cache_branch", [TensorElementType.Bool], [1], Optional: true),
                .. past.Select(name => new TensorRule(name, FloatOrHalf, [null, null, null, null])),
            ],
            [
                new("logits", FloatOrHalf, [null, null, null]),
                .. past.Select(name => new TensorRule(Present(name), FloatOrHalf, [null, null, null, null])),
            ]);
        if (past.Length == 0)
            throw new InvalidModelException("decoder_model_merged declares no past_key_values.0.key: it has no KV cache.");
    }

    private IEnumerable<string> CacheInputs()
    {
        for (int layer = 0; Declares($"past_key_values.{layer}.key"); layer++)
        {
            yield return $"past_key_values.{layer}.key";
            yield return $"past_key_values.{layer}.value";
        }
    }

    private CacheTensor Describe(string past)
    {
        var metadata = Decoder.InputMetadata[past];
        var (heads, width) = (metadata.Dimensions[1], metadata.Dimensions[3]);
        return heads > 0 && width > 0
            ? new CacheTensor(past, Present(past), metadata.ElementDataType, heads, width)
            : throw new InvalidModelException($"decoder_model_merged: {past} must declare how many heads it has and how wide they are.");
    }

    private static string Present(string past) => past.Replace("past_key_values", "present", StringComparison.Ordinal);
}
