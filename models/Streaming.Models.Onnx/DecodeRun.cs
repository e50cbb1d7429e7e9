using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>
/// One greedy generation: the prompt in two runs (prefill), up to its last visual token and the rest, then one token a run (decode step),
/// each run's present becoming the next one's past without leaving the device. What was made of the first part is left with the session,
/// so that the next question about the same pictures skips it. Not for several threads, but for <see cref="Terminate"/>.
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

    /// <summary>How many tokens of the prompt had been read for an earlier one.</summary>
    public int CachedTokens { get; private set; }

    /// <summary>Reads the whole prompt and returns the first token of the answer, which is no end token: an answer has one word at least.</summary>
    public int Prefill(EncodedPrompt prompt)
    {
        BindConstants();
        int shared = ReadPrefix.LengthIn(prompt, _session.Manifest.ImageTokenId);
        if (shared > 0)
            ReadShared(prompt, shared);
        Read(prompt, shared, prompt.TokenIds.Length);
        _logits = Logits.OfLastPosition(_outputs![LogitsOutput]);
        BindStep(_logits);
        return _logits.Greedy(except: _session.Manifest.EosTokenIds);
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

    /// <summary>Goes on from the session's prefix if it is this prompt's, else reads it and leaves it there.</summary>
    private void ReadShared(EncodedPrompt prompt, int length)
    {
        if (_session.Prefix is { } known && known.Length == length && known.Begins(prompt))
        {
            _length = CachedTokens = length;
            BindPast(known.Outputs);
            return;
        }
        Read(prompt, 0, length);
        _session.Prefix = new ReadPrefix(prompt, length, _outputs!);
        _outputs = null;
    }

    /// <summary>Runs the decoder over some tokens of the prompt, after those that it has read.</summary>
    private void Read(EncodedPrompt prompt, int from, int to)
    {
        int count = to - from;
        using var embeddings = new NativeTensor<float>(1, count, _session.Hidden);
        using var positions = new NativeTensor<long>(1, count);
        Embed(prompt, from, embeddings);
        for (int i = 0; i < count; i++)
            positions.Data[i] = from + i;
        BindTokens(embeddings, positions);
        _decode.BindOutputToDevice("logits", OrtMemoryInfo.DefaultInstance);
        Decode(count);
    }

    /// <summary>Token embeddings with the visual rows in place of the image tokens; encoding has checked that there are as many.
    /// Visual tokens stand in the first part or nowhere.</summary>
    private void Embed(EncodedPrompt prompt, int from, NativeTensor<float> embeddings)
    {
        ReadOnlySpan<int> part = prompt.TokenIds.AsSpan(from, embeddings.Data.Length / _session.Hidden);
        using var ids = new NativeTensor<long>(1, part.Length);
        for (int i = 0; i < part.Length; i++)
            ids.Data[i] = part[i];
        _embed.BindInput("input_ids", ids.Value);
        _embed.BindOutput("inputs_embeds", embeddings.Value);
        Run(_session.Embed, _embed);
        if (from > 0)
            return;
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
        BindPast(_outputs);
    }

    private void BindPast(IReadOnlyList<OrtValue> outputs)
    {
        for (int i = 0; i < _session.Cache.Count; i++)
            _decode.BindInput(_session.Cache[i].Past, outputs[LogitsOutput + 1 + i]);
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
