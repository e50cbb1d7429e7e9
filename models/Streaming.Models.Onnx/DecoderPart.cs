using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Models.Onnx;

/// <summary>One of the tensors that carry keys or values from step to step.</summary>
/// <param name="Past">Name of the input, [1, heads, past, width].</param>
/// <param name="Present">Name of the output, [1, heads, past + new, width].</param>
internal sealed record CacheTensor(string Past, string Present, TensorElementType Type, long Heads, long Width);

/// <summary>Some layers of a decoder, or all of them, with what their metadata says about cache, outputs and optional inputs.</summary>
internal sealed class DecoderPart : IDisposable
{
    private const string PastPrefix = "past_key_values.", PresentPrefix = "present.";
    private readonly List<(string Input, OrtValue Value)> _constants = [];
    private readonly List<IDisposable> _tensors = [];
    private static readonly TensorElementType[] Integer = [TensorElementType.Int64];
    private static readonly TensorElementType[] FloatOrHalf = [TensorElementType.Float, TensorElementType.Float16];

    /// <param name="session">Disposed with this, also if it does not fit.</param>
    /// <param name="positionAxes">Numbers in the position of a token; a decoder that reads several must declare them.</param>
    /// <exception cref="InvalidModelException">It has other inputs or outputs than a decoder, or no cache.</exception>
    public DecoderPart(InferenceSession session, int hidden, int positionAxes)
    {
        Session = session;
        try
        {
            string[] optional = ["attention_mask", "position_ids", "num_logits_to_keep", "use_cache_branch"];
            Entry = FirstLayer == 0 ? [DecoderCut.Embeddings] : [.. session.InputNames.Where(name => !IsPast(name)).Except(optional)];
            HasAttention = session.OutputMetadata.ContainsKey(LastAttention.Output);
            Exit = !HasAttention ? [DecoderCut.Logits] : [.. session.OutputNames.Where(name => !IsPresent(name) && name != LastAttention.Output)];
            Require(hidden, positionAxes);
            Cache = [.. CacheInputs().Select(Describe)];
            AddConstants();
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public InferenceSession Session { get; }

    /// <summary>Inputs that the tokens come in by, [1, tokens, hidden] each.</summary>
    public IReadOnlyList<string> Entry { get; }

    /// <summary>Outputs that the next part reads, [1, tokens, hidden] each, or the logits.</summary>
    public IReadOnlyList<string> Exit { get; }

    /// <summary>It also says what the last token attends to in the last of its layers.</summary>
    public bool HasAttention { get; }

    public IReadOnlyList<CacheTensor> Cache { get; }

    /// <summary>What it does with rows of different lengths.</summary>
    public DecoderForm Form { get; init; } = DecoderForm.Other;

    /// <summary>It reads any number of rows in a run.</summary>
    public bool HasFreeRows => Entry.Concat(Cache.Select(tensor => tensor.Past)).All(input => Session.InputMetadata[input].Dimensions[0] < 0);

    /// <summary>What the cache takes for a token.</summary>
    public long BytesPerToken => Cache.Sum(tensor => tensor.Heads * tensor.Width * (tensor.Type == TensorElementType.Float ? sizeof(float) : sizeof(short)));

    /// <summary>An empty past, and the optional inputs that never change. Runs read them and never write them.</summary>
    public IReadOnlyList<(string Input, OrtValue Value)> Constants => _constants;

    /// <summary>The type of an entry or exit.</summary>
    public TensorElementType TypeOf(string name) => (Session.InputMetadata.GetValueOrDefault(name) ?? Session.OutputMetadata[name]).ElementDataType;

    public bool Declares(string input) => Session.InputMetadata.ContainsKey(input);

    public void Dispose()
    {
        Session.Dispose();
        _tensors.ForEach(tensor => tensor.Dispose());
    }

    private void AddConstants()
    {
        foreach (var cache in Cache)
        {
            var empty = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, cache.Type, [1, cache.Heads, 0, cache.Width]);
            _tensors.Add(empty);
            _constants.Add((cache.Past, empty));
        }
        if (Declares("num_logits_to_keep"))
            AddConstant("num_logits_to_keep", new NativeTensor<long>(), 1);
        if (Declares("use_cache_branch"))
            AddConstant("use_cache_branch", new NativeTensor<bool>(1), true);
    }

    private void AddConstant<T>(string input, NativeTensor<T> tensor, T value)
        where T : unmanaged
    {
        tensor.Data[0] = value;
        _tensors.Add(tensor);
        _constants.Add((input, tensor.Value));
    }

    private int FirstLayer => Session.InputNames.Where(IsPast)
        .Select(name => int.TryParse(name.Split('.')[1], out int layer) ? layer : 0).DefaultIfEmpty().Min();

    private void Require(int hidden, int positionAxes)
    {
        string[] past = [.. CacheInputs()];
        GraphSignature.Require(
            Session, "decoder_model_merged",
            [
                .. Entry.Select(name => new TensorRule(name, name == DecoderCut.Embeddings ? [TensorElementType.Float] : FloatOrHalf, [null, null, hidden])),
                new("attention_mask", Integer, [null, null]),
                positionAxes == 1 ? new("position_ids", Integer, [null, null], Optional: true) : new("position_ids", Integer, [positionAxes, null, null]),
                new("num_logits_to_keep", Integer, [], Optional: true),
                new("use_cache_branch", [TensorElementType.Bool], [1], Optional: true),
                .. past.Select(name => new TensorRule(name, FloatOrHalf, [null, null, null, null])),
            ],
            [
                .. Exit.Select(name => new TensorRule(name, FloatOrHalf, [null, null, null])),
                .. past.Select(name => new TensorRule(Present(name), FloatOrHalf, [null, null, null, null])),
            ]);
        if (past.Length == 0)
            throw new InvalidModelException("decoder_model_merged declares no past_key_values.0.key: it has no KV cache.");
    }

    /// <summary>Keys and values of the layers, which follow one another.</summary>
    private IEnumerable<string> CacheInputs()
    {
        for (int layer = FirstLayer; Declares($"{PastPrefix}{layer}.key"); layer++)
        {
            yield return $"{PastPrefix}{layer}.key";
            yield return $"{PastPrefix}{layer}.value";
        }
    }

    private CacheTensor Describe(string past)
    {
        var metadata = Session.InputMetadata[past];
        var (heads, width) = (metadata.Dimensions[1], metadata.Dimensions[3]);
        return heads > 0 && width > 0
            ? new CacheTensor(past, Present(past), metadata.ElementDataType, heads, width)
            : throw new InvalidModelException($"decoder_model_merged: {past} must declare how many heads it has and how wide they are.");
    }

    private static bool IsPast(string name) => name.StartsWith(PastPrefix, StringComparison.Ordinal);

    private static bool IsPresent(string name) => name.StartsWith(PresentPrefix, StringComparison.Ordinal);

    private static string Present(string past) => PresentPrefix + past[PastPrefix.Length..];
}
