using System.Text;
using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Hub;
using Streaming.Models.Shapes;

namespace Streaming.Models.Onnx;

/// <summary>embed_tokens.onnx and decoder_model_merged.onnx behind the chat template and tokenizer of their folder. One answer at a time.</summary>
public sealed class OnnxLanguageModel : ILanguageModel, ITextEmbedder
{
    private readonly DecoderSession _session;
    private readonly Tokenizer _tokenizer;
    private readonly PromptEncoder _encoder;
    private readonly TimeProvider _clock;
    private readonly Lazy<TokenTree> _tree;
    private readonly SemaphoreSlim _turn = new(1);

    internal OnnxLanguageModel(DecoderSession session, ModelFolder folder, TimeProvider clock)
    {
        (_session, _tokenizer, _encoder, _clock) = (session, folder.Tokenizer, folder.PromptEncoder(), clock);
        _tree = new Lazy<TokenTree>(() => new TokenTree(_tokenizer));
        Name = folder.Name;
    }

    public string Name { get; }

    public int ContextTokens => _session.Manifest.ContextTokens;

    /// <inheritdoc/>
    public async Task<Completion> CompleteAsync(
        Prompt prompt, GenerationLimits limits, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.MaxNewTokens);
        using var deadline = new CancellationTokenSource(limits.Deadline, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var encoded = _encoder.Encode(prompt);
        var generation = new Generation(encoded, prompt.Prefix, Math.Min(limits.MaxNewTokens, ContextTokens - encoded.TokenIds.Length), onText)
        {
            Shape = limits.Shape is { } shape ? new ShapedAnswer(shape, _tree.Value, _tokenizer, _session.Manifest.EosTokenIds) : null,
        };
        try
        {
            await _turn.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                Generate(generation, stop.Token);
            }
            finally
            {
                _turn.Release();
            }
        }
        catch (Exception error) when (error is OperationCanceledException or OnnxRuntimeException && stop.IsCancellationRequested)
        {
            cancellation.ThrowIfCancellationRequested();
        }
        return generation.Completion(_tokenizer);
    }

    /// <inheritdoc/>
    public async Task<float[]> EmbedAsync(string text, CancellationToken cancellation = default)
    {
        int[] ids = _tokenizer.Encode(_tokenizer.Guard(text));
        if (ids.Length == 0)
            return [];
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await Task.Run(() => _session.EmbeddingsOf(ids), CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _session.Dispose();
        _turn.Dispose();
    }

    private void Generate(Generation generation, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        using var run = new DecodeRun(_session, _clock);
        using var registration = stop.Register(run.Terminate);
        var text = new TokenTextStream(_tokenizer);
        long start = _clock.GetTimestamp();
        try
        {
            int token = run.Prefill(generation.Prompt, generation.Prefix, generation.Shape);
            generation.Prefill = _clock.GetElapsedTime(start);
            while (!generation.Take(token, text, _session.Manifest.EosTokenIds))
            {
                stop.ThrowIfCancellationRequested();
                token = run.Step(token, generation.Shape);
            }
        }
        finally
        {
            (generation.ModelTime, generation.CachedTokens) = (run.ModelTime, run.CachedTokens);
            var elapsed = _clock.GetElapsedTime(start);
            if (generation.Prefill == TimeSpan.Zero)
                generation.Prefill = elapsed;
            generation.DecodeSteps = elapsed - generation.Prefill;
        }
    }

    /// <summary>An answer in the making; whatever ends it, what has been written counts.</summary>
    private sealed class Generation(EncodedPrompt prompt, PrefixKey? prefix, int maxNewTokens, Action<string>? onText)
    {
        private readonly List<int> _ids = [];
        private FinishReason _finish = FinishReason.Deadline;

        public EncodedPrompt Prompt => prompt;

        public PrefixKey? Prefix => prefix;

        /// <summary>What it has to look like; null: anything.</summary>
        public ShapedAnswer? Shape { get; init; }

        public TimeSpan Prefill { get; set; }

        public TimeSpan DecodeSteps { get; set; }

        public TimeSpan ModelTime { get; set; }

        public int CachedTokens { get; set; }

        /// <summary>Adds a token; true if it is the last.</summary>
        public bool Take(int token, TokenTextStream text, IReadOnlyList<int> eos)
        {
            _ids.Add(token);
            Shape?.Take(token);
            if (eos.Contains(token) || Shape is { IsOver: true })
                _finish = FinishReason.Stop;
            else if (_ids.Count >= maxNewTokens)
                _finish = FinishReason.Length;
            bool last = _finish != FinishReason.Deadline;
            string piece = text.Append(token) + (last ? text.Flush() : "");
            if (piece.Length > 0)
                onText?.Invoke(piece);
            return last;
        }

        public Completion Completion(Tokenizer tokenizer) => new(
            tokenizer.Decode(_ids), _finish, prompt.TokenIds.Length, _ids.Count, Prefill, DecodeSteps)
        { ModelTime = ModelTime, TokenIds = _ids, CachedTokens = CachedTokens };
    }
}
