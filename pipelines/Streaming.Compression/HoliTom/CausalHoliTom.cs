using System.Numerics.Tensors;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// HoliTom's outer stage for a stream that does not end: frames come one by one and are decided on in chunks. The last window of a chunk
/// stays open and goes on in the next one; all before it are final. A window that is cut off earlier is what the whole film's best cut
/// might have joined: that is the price of not waiting for the end.
/// </summary>
/// <remarks>
/// The state is the open window's sums, its last frame and the frames that wait, however long the stream; a frame's tokens are final
/// after <see cref="HoliTomOptions.LongestWindow"/> and <see cref="CausalHoliTomOptions.Chunk"/> more frames at the latest. Every frame
/// adds <see cref="HoliTomOptions.RetainRatio"/> of its tokens to the budget; what a window in which nothing moves has no use for is not
/// spent elsewhere. One instance is used by one thread; once its lists have grown it allocates nothing.
/// </remarks>
public sealed class CausalHoliTom
{
    private readonly CausalHoliTomOptions _options;
    private readonly int _places, _hidden;
    private readonly FrameChunk _chunk;
    private readonly OpenWindow _open;
    private readonly CausalSegmentation _cut;
    private readonly CausalBudget _budget;
    private readonly StillTokens _still = new();
    private readonly SalientPlaces _salient = new();
    private readonly ReducedTokens _pending = new();

    /// <summary>Frames before the ones that wait.</summary>
    private int _decided;

    /// <exception cref="ArgumentException">A setting lies outside its range.</exception>
    public CausalHoliTom(int places, int hidden, CausalHoliTomOptions options)
    {
        if (options.Validate() is { } wrong)
            throw new ArgumentException(wrong, nameof(options));
        (_places, _hidden, _options) = (places, hidden, options);
        (_chunk, _open, _cut) = (new FrameChunk(options.Chunk, places, hidden), new OpenWindow(places, hidden), new CausalSegmentation(options, places, hidden));
        _budget = new CausalBudget(options, places);
        foreach (ReducedTokens tokens in (ReadOnlySpan<ReducedTokens>)[_pending, Final, Open])
            tokens.Clear(hidden);
    }

    /// <summary>Frames so far.</summary>
    public int Frames => _decided + _chunk.Count;

    /// <summary>The first frame of which not all tokens are final.</summary>
    public int FinalUntil => _open.Length > 0 ? _open.First : _decided;

    /// <summary>The tokens that the last <see cref="Push"/> made final, by frame and place, later than all before; valid until the next.</summary>
    public ReducedTokens Final { get; } = new();

    /// <summary>What the last <see cref="Flush"/> gave.</summary>
    public ReducedTokens Open { get; } = new();

    /// <summary>Takes the next frame.</summary>
    /// <param name="features">[places, hidden].</param>
    /// <param name="saliency">[places].</param>
    public void Push(ReadOnlySpan<float> features, ReadOnlySpan<float> saliency)
    {
        _chunk.Add(features, saliency);
        Final.Clear(_hidden);
        if (!_chunk.IsFull)
            return;
        Decide(closing: false);
        Advance();
        _pending.CopyOrdered(Final, FinalUntil);
        _pending.RemoveBefore(FinalUntil);
    }

    /// <summary>
    /// The tokens that are not final, as they would be if the stream ended now, by frame and place; valid until the next call. Together
    /// with all that were final they stand for the whole stream. The stream goes on as if nobody had asked.
    /// </summary>
    public ReducedTokens Flush()
    {
        int pending = _pending.Count;
        Open.Clear(_hidden);
        if (Frames == 0)
            return Open;
        Decide(closing: true);
        _pending.CopyOrdered(Open, int.MaxValue);
        _pending.Truncate(pending);
        return Open;
    }

    /// <summary>Ends all windows; what begins is a new stream, whose frames go on counting.</summary>
    public void Restart()
    {
        _decided += _chunk.Count;
        _chunk.Empty();
        _open.Begin(_decided);
        _pending.Clear(_hidden);
    }

    /// <param name="closing">Also the last window ends; otherwise it is left open.</param>
    private void Decide(bool closing)
    {
        _cut.Cut(_chunk, _open);
        _budget.Share(_cut, _open, _decided);
        for (int window = 0; window < _cut.Starts.Length; window++)
            EmitWindow(window, staysOpen: !closing && window == _cut.Starts.Length - 1);
    }

    private void EmitWindow(int window, bool staysOpen)
    {
        (int start, int end) = (_cut.Starts[window], _cut.End(window));
        int length = _budget.Length(window);
        if (!staysOpen && length > 1)
            EmitStill(window);
        if (start == 0)
            EmitFallen(_budget.OfFrame(0));
        // A frame that is a window of its own decides nothing while the window is open: all of it may yet stand still.
        for (int frame = Math.Max(start, 1); frame <= end && !(staysOpen && length == 1); frame++)
        {
            _salient.Begin(_places);
            for (int place = 0; place < _places; place++)
            {
                if (!_budget.StandsStill(window, place))
                    _salient.Add(place, _chunk.Saliency(frame, place));
            }
            foreach (int place in _salient.Most(_budget.OfFrame(frame)))
                _chunk[frame, place].CopyTo(_pending.Add(new ReducedToken(Number(frame), place, 1, _chunk.Saliency(frame, place))));
        }
    }

    /// <summary>The means of what stands still through a window, clustered.</summary>
    private void EmitStill(int window)
    {
        (int start, int end, int length) = (_cut.Starts[window], _cut.End(window), _budget.Length(window));
        _still.Begin(_places, _hidden);
        for (int place = 0; place < _places; place++)
        {
            if (!_budget.StandsStill(window, place))
                continue;
            float saliency = start == 0 ? _open.SaliencySum(place) : 0;
            for (int frame = Math.Max(start, 1); frame <= end; frame++)
                saliency += _chunk.Saliency(frame, place);
            Span<float> mean = _still.Add(place, saliency / length);
            if (start == 0)
                _open.Sum(place).CopyTo(mean);
            for (int frame = Math.Max(start, 1); frame <= end; frame++)
                TensorPrimitives.Add(mean, _chunk[frame, place], mean);
            TensorPrimitives.Divide(mean, length, mean);
        }
        _still.Emit(_budget.OfStill(window), Number(start), length, _options.HoliTom, _pending);
    }

    /// <summary>What stood still in the open window and does so no more: of several frames their means, clustered; of one frame the most salient.</summary>
    private void EmitFallen(int budget)
    {
        if (_open.Length > 1)
        {
            _still.Begin(_places, _hidden);
            for (int place = 0; place < _places; place++)
            {
                if (_budget.HasFallen(place))
                    TensorPrimitives.Divide(_open.Sum(place), _open.Length, _still.Add(place, _open.SaliencySum(place) / _open.Length));
            }
            _still.Emit(budget, _open.First, _open.Length, _options.HoliTom, _pending);
            return;
        }
        _salient.Begin(_places);
        for (int place = 0; place < _places; place++)
        {
            if (_budget.HasFallen(place))
                _salient.Add(place, _open.SaliencySum(place));
        }
        foreach (int place in _salient.Most(budget))
            _open.Sum(place).CopyTo(_pending.Add(new ReducedToken(_open.First, place, 1, _open.SaliencySum(place))));
    }

    /// <summary>The last window goes on; its frames leave nothing but their sums and the last of them.</summary>
    private void Advance()
    {
        (int window, int start) = (_cut.Starts.Length - 1, _cut.Starts[^1]);
        int reserve = _budget.Length(window) > 1 ? _budget.OfStill(window) : _budget.OfFrame(_cut.Last);
        if (start > 0)
            _open.Begin(Number(start));
        _open.Extend(_chunk, Math.Max(start, 1), _cut.Still(start, _cut.Last), reserve);
        _decided += _chunk.Count;
        _chunk.Empty();
    }

    /// <summary>The frame's number in the stream.</summary>
    private int Number(int frame) => frame == 0 ? _open.First : _decided + frame - 1;
}
