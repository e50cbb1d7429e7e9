using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx.Answers;

/// <summary>
/// Answers of a decoder with fused attention (com.microsoft's GroupQueryAttention): every slot has its row in one cache, which the
/// decoder reads as its past and writes as its present, so that a step copies nothing. A row is as long as its mask is, and zeros stand behind it.
/// All tensors keep their shapes and addresses until more slots or longer ones are needed. While nobody writes, the cache is given back.
/// </summary>
internal sealed class SharedSlots : IAnswerBatch
{
    /// <summary>Slots grow by as many tokens at a time: about as long as an answer may be, so that they seldom grow.</summary>
    private const int Growth = 256;

    private readonly DecoderSession _session;
    private readonly DecoderPart _part;
    private readonly TimedRuns _runs;
    private readonly int[] _lengths;
    private readonly long[] _next;
    private IReadOnlyList<CacheBlock> _cache = [];
    private int _tokens, _rows;
    private bool _isStale;
    private Bound? _bound;
    private Onnx.Logits? _like;

    public SharedSlots(DecoderSession session, int slots, TimeProvider clock)
    {
        (_session, _part, _runs) = (session, session.Parts[0], new TimedRuns(clock));
        (_lengths, _next) = (new int[slots], new long[slots]);
    }

    public int Slots => _lengths.Length;

    public TimeSpan ModelTime => _runs.Elapsed;

    public void Join(int slot, DecodeRun run, int mostTokens)
    {
        using DecodeRun read = run;
        _like ??= read.Logits.OfRows(1);
        Reserve(mostTokens);
        (_lengths[slot], _next[slot]) = (read.Whole.Length, read.NextPosition);
        foreach (var (block, past) in _cache.Zip(read.Whole.CacheOutputs))
            block.CopyRow(slot, 0, past, 0, 0, read.Whole.Length);
        _isStale = true;
    }

    public void Leave(int slot)
    {
        _lengths[slot] = 0;
        _isStale = true;
        if (Array.TrueForAll(_lengths, length => length == 0))
            GiveBack();
    }

    public void Step(IReadOnlyList<int?> tokens)
    {
        if (_isStale)
            Bind();
        Bound bound = _bound!;
        for (int row = 0; row < _rows; row++)
        {
            if (tokens[row] is not { } token)
                continue;
            bound.Tensors.Set(row, token, _next[row]++);
            bound.Mask.Data[(row * _tokens) + _lengths[row]++] = 1;
        }
        bound.Tensors.Embed(_runs);
        _runs.Run(_part.Session, bound.Decoder);
    }

    public ReadOnlySpan<float> Logits(int slot) => _bound!.Logits.OfRow(slot);

    public void Dispose()
    {
        GiveBack();
        _like?.Dispose();
        _runs.Dispose();
    }

    /// <summary>Makes the slots at least so long; what is in them stays.</summary>
    private void Reserve(int tokens)
    {
        if (tokens <= _tokens)
            return;
        var (old, length) = (_cache, Math.Min(_session.Manifest.ContextTokens, (tokens + Growth - 1) / Growth * Growth));
        _cache = [.. _part.Cache.Select(tensor => new CacheBlock(tensor, Slots, length))];
        foreach (var (block, before) in _cache.Zip(old))
        {
            using OrtValue past = before.First(Slots);
            for (int row = 0; row < Slots; row++)
                block.CopyRow(row, 0, past, row, 0, _lengths[row]);
            before.Dispose();
        }
        (_tokens, _rows) = (length, 0);
    }

    /// <summary>Binds the rows up to the last that is written, and says how long each is.</summary>
    private void Bind()
    {
        _isStale = false;
        int rows = Array.FindLastIndex(_lengths, length => length > 0) + 1;
        if (rows != _rows)
        {
            _bound?.Dispose();
            _bound = new Bound(_session, _part, _cache, _like!, rows, _tokens);
            _rows = rows;
        }
        for (int row = 0; row < rows; row++)
        {
            Span<long> mask = _bound!.Mask.Data.Slice(row * _tokens, _tokens);
            mask.Clear();
            mask[..Math.Max(_lengths[row], 1)].Fill(1); // a row that nobody writes is one token long
        }
    }

    private void GiveBack()
    {
        _bound?.Dispose();
        foreach (CacheBlock block in _cache)
            block.Dispose();
        (_bound, _cache, _tokens, _rows) = (null, [], 0, 0);
    }

    /// <summary>All that a step of some rows reads and writes.</summary>
    private sealed class Bound : IDisposable
    {
        private readonly List<OrtValue> _cache = [];

        public Bound(DecoderSession session, DecoderPart part, IReadOnlyList<CacheBlock> cache, Onnx.Logits like, int rows, int tokens)
        {
            (Tensors, Mask, Logits, Decoder) = (new(session, rows), new(rows, tokens), like.OfRows(rows), part.Session.CreateIoBinding());
            foreach (var (input, value) in part.Constants)
                Decoder.BindInput(input, value);
            Decoder.BindInput(part.Entry[0], Tensors.Embeddings);
            Decoder.BindInput("attention_mask", Mask.Value);
            if (part.Declares("position_ids"))
                Decoder.BindInput("position_ids", Tensors.Positions);
            Decoder.BindOutput(part.Exit[0], Logits.Value);
            foreach (var (tensor, block) in part.Cache.Zip(cache))
            {
                OrtValue rowsOfCache = block.First(rows);
                _cache.Add(rowsOfCache);
                Decoder.BindInput(tensor.Past, rowsOfCache);
                Decoder.BindOutput(tensor.Present, rowsOfCache);
            }
        }

        public StepTensors Tensors { get; }

        /// <summary>[rows, tokens]: 1 for each token of a row, 0 behind it.</summary>
        public NativeTensor<long> Mask { get; }

        public Onnx.Logits Logits { get; }

        public OrtIoBinding Decoder { get; }

        public void Dispose()
        {
            Decoder.Dispose();
            _cache.ForEach(rows => rows.Dispose());
            Tensors.Dispose();
            Mask.Dispose();
            Logits.Dispose();
        }
    }
}
