using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Hub;
using Streaming.Models.Onnx.Answers;
using Streaming.Models.Shapes;

namespace Streaming.Models.Onnx;

/// <summary>embed_tokens.onnx and decoder_model_merged.onnx behind the chat template and tokenizer of their folder.</summary>
public sealed class OnnxLanguageModel : ILanguageModel, ITextEmbedder
{
    private readonly DecoderSession _session;
    private readonly AnswerEngine _engine;
    private readonly Tokenizer _tokenizer;
    private readonly PromptEncoder _encoder;
    private readonly TimeProvider _clock;
    private readonly Lazy<TokenTree> _tree;

    /// <param name="batch">Disposed with this, as the session is.</param>
    internal OnnxLanguageModel(DecoderSession session, IAnswerBatch batch, ModelFolder folder, OnnxOptions options)
    {
        (_session, _tokenizer, _encoder, _clock) = (session, folder.Tokenizer, folder.PromptEncoder(), options.Clock);
        _engine = new AnswerEngine(session, batch, options);
        _tree = new Lazy<TokenTree>(() => new TokenTree(_tokenizer));
        Name = folder.Name;
    }

    public string Name { get; }

    public int ContextTokens => _session.Manifest.ContextTokens;

    /// <inheritdoc/>
    public int AnswersAtOnce => _engine.Slots;

    /// <inheritdoc/>
    public bool KnowsLooks => _session.Text is not null;

    /// <inheritdoc/>
    public async Task<Completion> CompleteAsync(
        Prompt prompt, GenerationLimits limits, Action<string>? onText = null, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limits.MaxNewTokens);
        using var deadline = new CancellationTokenSource(limits.Deadline, _clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        var encoded = _encoder.Encode(prompt);
        IReadOnlyList<int> eos = _session.Manifest.EosTokenIds;
        var generation = new Generation(encoded, Math.Min(limits.MaxNewTokens, ContextTokens - encoded.TokenIds.Length), _tokenizer, eos, _clock)
        {
            Prefix = prompt.Prefix,
            Shape = limits.Shape is { } shape ? new ShapedAnswer(shape, _tree.Value, _tokenizer, eos) : null,
            OnText = onText,
            Stop = stop.Token,
        };
        try
        {
            await _engine.WriteAsync(generation).ConfigureAwait(false);
        }
        catch (Exception error) when (error is OperationCanceledException or OnnxRuntimeException && stop.IsCancellationRequested)
        {
        }
        Completion completion = generation.Completion();
        if (completion.Finish == FinishReason.Deadline)
            cancellation.ThrowIfCancellationRequested();
        return completion;
    }

    /// <inheritdoc/>
    public async Task<float[]> EmbedAsync(string text, CancellationToken cancellation = default)
    {
        int[] ids = _tokenizer.Encode(_tokenizer.Guard(text));
        return ids.Length == 0 ? [] : await Task.Run(() => _session.LooksOf(ids), cancellation).ConfigureAwait(false);
    }

    public void Dispose()
    {
        _engine.Dispose();
        _session.Dispose();
    }
}
