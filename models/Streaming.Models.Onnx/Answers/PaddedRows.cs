using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx.Answers;

/// <summary>
/// Answers of a decoder of plain operators, which joins its past and the new token to the present: rows are made as long as the longest
/// by zeros before them, which the mask hides. Who comes or goes has the rows put together anew; those who went are only
/// taken out once they are the half, or so long that the rows would be longer than the decoder's context.
/// </summary>
internal sealed class PaddedRows : IAnswerBatch
{
    private readonly DecoderSession _session;
    private readonly DecoderPart _part;
    private readonly TimedRuns _runs;
    private readonly List<Row> _rows = [];
    private readonly List<IDisposable> _owned = [];
    private IReadOnlyList<OrtValue> _past = [];
    private OrtIoBinding? _decoder;
    private StepTensors? _tensors;
    private Onnx.Logits? _logits;

    public PaddedRows(DecoderSession session, int slots, TimeProvider clock) =>
        (_session, _part, _runs, Slots) = (session, session.Parts[0], new TimedRuns(clock), slots);

    /// <summary>Where an answer stands.</summary>
    private sealed class Row(int slot, int length, long next)
    {
        public int Slot => slot;

        /// <summary>How many tokens of it the past ends with.</summary>
        public int Length { get; set; } = length;

        /// <summary>Position of the next token.</summary>
        public long Next { get; set; } = next;

        public bool IsGone { get; set; }
    }

    public int Slots { get; }

    public TimeSpan ModelTime => _runs.Elapsed;

    /// <summary>How many tokens each row of the past has, zeros counted; no more than the decoder was made for.</summary>
    public int Tokens { get; private set; }

    public void Join(int slot, DecodeRun run, int mostTokens)
    {
        using DecodeRun read = run;
        Gather(new Row(slot, read.Whole.Length, read.NextPosition), read.Whole);
        Bind(read.Logits);
    }

    public void Leave(int slot)
    {
        if (_rows.Find(row => row.Slot == slot && !row.IsGone) is { } leaving)
            leaving.IsGone = true;
        if (_rows.TrueForAll(row => row.IsGone))
            GiveBack();
    }

    public void Step(IReadOnlyList<int?> tokens)
    {
        if (2 * _rows.Count(row => row.IsGone) >= _rows.Count || Tokens == _session.Manifest.ContextTokens)
        {
            Gather(joining: null, run: null);
            Bind(_logits!);
        }
        foreach (var (index, row) in _rows.Index())
        {
            // Who is gone goes on with some token, for nobody.
            _tensors!.Set(index, row.IsGone ? 0 : tokens[row.Slot]!.Value, row.Next++);
            row.Length++;
        }
        Tokens++;
        _tensors!.Embed(_runs);
        using var mask = Mask();
        _decoder!.BindInput("attention_mask", mask.Value);
        foreach (var (cache, past) in _part.Cache.Zip(_past))
        {
            _decoder.BindInput(cache.Past, past);
            _decoder.BindOutputToDevice(cache.Present, OrtMemoryInfo.DefaultInstance);
        }
        _runs.Run(_part.Session, _decoder);
        var outputs = _decoder.GetOutputValues();
        Own([outputs], [.. outputs.TakeLast(_part.Cache.Count)]);
    }

    public ReadOnlySpan<float> Logits(int slot) => _logits!.OfRow(_rows.FindIndex(row => row.Slot == slot && !row.IsGone));

    public void Dispose()
    {
        GiveBack();
        _runs.Dispose();
    }

    /// <summary>Puts the rows of those who are still there, and of who joins them, behind zeros of their own number.</summary>
    private void Gather(Row? joining, PartRun? run)
    {
        Row[] staying = [.. _rows.Where(row => !row.IsGone)];
        int tokens = Math.Max(joining?.Length ?? 0, staying.Select(row => row.Length).DefaultIfEmpty().Max());
        var blocks = new List<CacheBlock>();
        foreach (var (layer, cache) in _part.Cache.Index())
        {
            var block = new CacheBlock(cache, staying.Length + (joining is null ? 0 : 1), tokens);
            foreach (var (index, row) in staying.Index())
                block.CopyRow(index, tokens - row.Length, _past[layer], _rows.IndexOf(row), Tokens - row.Length, row.Length);
            if (joining is not null)
                block.CopyRow(staying.Length, tokens - joining.Length, run!.CacheOutputs[layer], 0, 0, joining.Length);
            blocks.Add(block);
        }
        _rows.Clear();
        _rows.AddRange(joining is null ? staying : [.. staying, joining]);
        Tokens = tokens;
        OrtValue[] past = [.. blocks.Select(block => block.First(_rows.Count))];
        Own([.. past, .. blocks], past);
    }

    private void Bind(Onnx.Logits like)
    {
        var logits = like.OfRows(_rows.Count);
        _decoder?.Dispose();
        _tensors?.Dispose();
        _logits?.Dispose();
        (_logits, _tensors, _decoder) = (logits, new StepTensors(_session, _rows.Count), _part.Session.CreateIoBinding());
        foreach (var (input, value) in _part.Constants)
            _decoder.BindInput(input, value);
        _decoder.BindInput(_part.Entry[0], _tensors.Embeddings);
        _decoder.BindInput("position_ids", _tensors.Positions);
        _decoder.BindOutput(_part.Exit[0], _logits.Value);
    }

    /// <summary>[rows, tokens]: 0 before each row, 1 for each of its tokens.</summary>
    private NativeTensor<long> Mask()
    {
        var mask = new NativeTensor<long>(_rows.Count, Tokens);
        foreach (var (index, row) in _rows.Index())
        {
            Span<long> own = mask.Data.Slice(index * Tokens, Tokens);
            own[..^row.Length].Clear();
            own[^row.Length..].Fill(1);
        }
        return mask;
    }

    /// <summary>From now on the past is this; what held it before goes.</summary>
    private void Own(IEnumerable<IDisposable> owned, IReadOnlyList<OrtValue> past)
    {
        _owned.ForEach(one => one.Dispose());
        _owned.Clear();
        _owned.AddRange(owned);
        _past = past;
    }

    private void GiveBack()
    {
        _decoder?.Dispose();
        _tensors?.Dispose();
        _logits?.Dispose();
        (_decoder, _tensors, _logits) = (null, null, null);
        _rows.Clear();
        Own([], []);
    }
}
