using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Families;

namespace Streaming.Models.Onnx;

/// <summary>embed_tokens.onnx and decoder_model_merged.onnx, the latter whole or cut into parts between which visual tokens are made fewer.</summary>
internal sealed class DecoderSession : IDisposable
{
    private NativeTensor<long>? _ones;

    /// <param name="parts">In the order of their layers.</param>
    /// <param name="reducer">What happens between the parts, one cut after each but the last; null for a whole decoder.</param>
    /// <exception cref="InvalidModelException">embed_tokens has other inputs or outputs than it must have.</exception>
    public DecoderSession(
        InferenceSession embed, IReadOnlyList<DecoderPart> parts, InnerReducer? reducer, OrtMemoryInfo cacheMemory, ModelManifest manifest, ModelFamily family)
    {
        (Embed, Parts, Reducer, CacheMemory, Manifest, Family) = (embed, parts, reducer, cacheMemory, manifest, family);
        try
        {
            GraphSignature.Require(
                Embed, "embed_tokens",
                [new("input_ids", [TensorElementType.Int64], [null, null])],
                [new("inputs_embeds", [TensorElementType.Float], [null, null, Hidden])]);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public InferenceSession Embed { get; }

    public IReadOnlyList<DecoderPart> Parts { get; }

    public InnerReducer? Reducer { get; }

    /// <summary>Null where the folder has none.</summary>
    public TextModel? Text { get; init; }

    public ModelManifest Manifest { get; }

    public ModelFamily Family { get; }

    /// <summary>The most tokens of a prompt in one run.</summary>
    public required int LongestRun { get; init; }

    public int Hidden => Manifest.Vision.Hidden;

    /// <summary>Where keys and values stay between the steps.</summary>
    public OrtMemoryInfo CacheMemory { get; }

    /// <summary>[1, context], the attention mask of the longest prompt; shorter ones are its beginning.</summary>
    public NativeTensor<long> Ones
    {
        get
        {
            if (_ones is null)
            {
                _ones = new NativeTensor<long>(1, Manifest.ContextTokens);
                _ones.Data.Fill(1);
            }
            return _ones;
        }
    }

    /// <summary>What earlier prompts left behind. Only the run whose turn it is may touch it.</summary>
    public required PrefixCache<ReadPrefix> Prefixes { get; init; }

    /// <summary>Room for the positions of some tokens, [1, tokens], or [axes, 1, tokens] where they have several numbers.</summary>
    public NativeTensor<long> Positions(int tokens) => Family.PositionAxes == 1 ? new(1, tokens) : new(Family.PositionAxes, 1, tokens);

    /// <summary>How the visual tokens look that show some tokens of text, as far as the folder tells, [tokens, hidden].</summary>
    public float[] LooksOf(ReadOnlySpan<int> ids) => Text?.Run(ids, Hidden) ?? TokenRows.Of(Embed, "inputs_embeds", ids, Hidden);

    public void Dispose()
    {
        Prefixes?.Dispose();
        _ones?.Dispose();
        Embed.Dispose();
        Text?.Dispose();
        foreach (var part in Parts)
            part.Dispose();
    }
}
