using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>
/// One greedy generation: the prompt in one run (prefill), then one token a run (decode step), each run's present becoming the next one's
/// past without leaving the device. Not for several threads, but for <see cref="Terminate"/>.
/// </summary>
internal sealed class DecodeRun : IDisposable
{
    /// <summary>The logits are bound before the cache, so they are the first of the outputs.</summary>
    private const int LogitsOutput = 0;

    private readonly DecoderSession _session;
    private readonly TimeProvider _clock;
    private readonly RunOptions _options = new();
    private readonly OrtIoBinding _decode;
    private readonly OrtIoBinding _embed;
    private readonly NativeTensor<float> _embedding;
    private readonly NativeTensor<long> _token = new(1, 1);
    private readonly NativeTensor<long> _position = new(1, 1);
    private readonly NativeTensor<long> _ones;
    private readonly List<IDisposable> _constants = [];
    private IDisposableReadOnlyCollection<OrtValue>? _outputs;
    private OrtValue? _mask;
    private Logits? _logits;
    private int _length;

    public DecodeRun(DecoderSession session, TimeProvider clock)
    {
        (_session, _clock) = (session, clock);
        _decode = session.Decoder.CreateIoBinding();
        _embed = session.Embed.CreateIoBinding();
        _embedding = new NativeTensor<float>(1, 1, session.Hidden);
        _ones = new NativeTensor<long>(1, session.Manifest.ContextTokens);
        _ones.Data.Fill(1);
    }

    /// <summary>The time inside the networks so far.</summary>
    public TimeSpan ModelTime { get; private set; }

    /// <summary>Makes the run in progress, if any, and all later ones fail at once. Any thread may call it.</summary>
    public void Terminate() => _options.Terminate = true;

    /// <summary>Reads the whole prompt and returns the first token of the answer.</summary>
    public int Prefill(EncodedPrompt prompt)
    {
        int length = prompt.TokenIds.Length;
        using var embeddings = new NativeTensor<float>(1, length, _session.Hidden);
        using var positions = new NativeTensor<long>(1, length);
        Embed(prompt, embeddings);
        for (int i = 0; i < length; i++)
            positions.Data[i] = i;
        BindConstants();
        BindTokens(embeddings, positions);
        _decode.BindOutputToDevice("logits", OrtMemoryInfo.DefaultInstance);
        Decode(length);
        _logits = Logits.OfLastPosition(_outputs![LogitsOutput]);
        BindStep(_logits);
        return _logits.Greedy();
    }

    /// <summary>Appends a token and returns the one after it.</summary>
    public int Step(int token)
    {
        _token.Data[0] = token;
        _position.Data[0] = _length;
        Run(_session.Embed, _embed);
        Decode(1);
        return _logits!.Greedy();
    }

    public void Dispose()
    {
        _decode.Dispose();
        _embed.Dispose();
        _outputs?.Dispose();
        _mask?.Dispose();
        _logits?.Dispose();
        _constants.ForEach(constant => constant.Dispose());
        _embedding.Dispose();
        _token.Dispose();
        _position.Dispose();
        _ones.Dispose();
        _options.Dispose();
    }

    /// <summary>Token embeddings with the visual rows in place of the image tokens; encoding has checked that there are as many.</summary>
    private void Embed(EncodedPrompt prompt, NativeTensor<float> embeddings)
    {
        using var ids = new NativeTensor<long>(1, prompt.TokenIds.Length);
        for (int i = 0; i < prompt.TokenIds.Length; i++)
            ids.Data[i] = prompt.TokenIds[i];
        _embed.BindInput("input_ids", ids.Value);
        _embed.BindOutput("inputs_embeds", embeddings.Value);
        Run(_session.Embed, _embed);
        int place = -1;
        foreach (var frame in prompt.Frames)
            for (int row = 0; row < frame.Count; row++)
            {
                place = Array.IndexOf(prompt.TokenIds, _session.Manifest.ImageTokenId, place + 1);
                frame[row].CopyTo(embeddings.Data[(place * _session.Hidden)..]);
            }
    }

    /// <summary>Runs the decoder over the bound tokens, then makes its present the past of the next run.</summary>
    private void Decode(int newTokens)
    {
        _length += newTokens;
        _mask?.Dispose();
        _mask = _ones.View([1, _length], _length);
        _decode.BindInput("attention_mask", _mask);
        foreach (var cache in _session.Cache)
            _decode.BindOutputToDevice(cache.Present, _session.CacheMemory);
        Run(_session.Decoder, _decode);
        _outputs?.Dispose();
        _outputs = _decode.GetOutputValues();
        for (int i = 0; i < _session.Cache.Count; i++)
            _decode.BindInput(_session.Cache[i].Past, _outputs[LogitsOutput + 1 + i]);
    }

    private void Run(InferenceSession session, OrtIoBinding binding)
    {
        long start = _clock.GetTimestamp();
        session.RunWithBinding(_options, binding);
        ModelTime += _clock.GetElapsedTime(start);
    }

    private void BindTokens(NativeTensor<float> embeddings, NativeTensor<long> positions)
    {
        _decode.BindInput("inputs_embeds", embeddings.Value);
        if (_session.Declares("position_ids"))
            _decode.BindInput("position_ids", positions.Value);
    }

    /// <summary>An empty past and the optional inputs that never change.</summary>
    private void BindConstants()
    {
        foreach (var cache in _session.Cache)
        {
            var empty = OrtValue.CreateAllocatedTensorValue(OrtAllocator.DefaultInstance, cache.Type, [1, cache.Heads, 0, cache.Width]);
            _constants.Add(empty);
            _decode.BindInput(cache.Past, empty);
        }
        if (_session.Declares("num_logits_to_keep"))
            BindConstant("num_logits_to_keep", new NativeTensor<long>(), 1);
        if (_session.Declares("use_cache_branch"))
            BindConstant("use_cache_branch", new NativeTensor<bool>(1), true);
    }

    private void BindConstant<T>(string name, NativeTensor<T> tensor, T value)
        where T : unmanaged
    {
        tensor.Data[0] = value;
        _constants.Add(tensor);
        _decode.BindInput(name, tensor.Value);
    }

    /// <summary>From now on every run reads and writes the same one-token tensors.</summary>
    private void BindStep(Logits logits)
    {
        _embed.BindInput("input_ids", _token.Value);
        _embed.BindOutput("inputs_embeds", _embedding.Value);
        BindTokens(_embedding, _position);
        _decode.BindOutput("logits", logits.Value);
    }
}
