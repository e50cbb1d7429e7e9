using System.Numerics.Tensors;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// The window that has not ended yet, as all that is remembered of its frames: since when, how many, and for every place that stood still
/// through them the sums of features and saliency. Of a window of one frame every place counts as still.
/// </summary>
internal sealed class OpenWindow(int places, int hidden)
{
    private readonly float[] _sums = new float[places * hidden];
    private readonly float[] _saliency = new float[places];
    private readonly ulong[] _still = new ulong[PlaceSet.Words(places)];

    /// <summary>Number of its first frame.</summary>
    public int First { get; private set; }

    /// <summary>Its frames; 0: there is none.</summary>
    public int Length { get; private set; }

    /// <summary>Tokens set aside for what stands still in it.</summary>
    public int Reserve { get; private set; }

    /// <summary>The places that stood still.</summary>
    public ReadOnlySpan<ulong> Still => _still;

    /// <summary>[places, hidden].</summary>
    public ReadOnlySpan<float> Sums => _sums;

    /// <summary>[hidden].</summary>
    public ReadOnlySpan<float> Sum(int place) => _sums.AsSpan(place * hidden, hidden);

    public float SaliencySum(int place) => _saliency[place];

    /// <summary>Another window begins.</summary>
    public void Begin(int first)
    {
        (First, Length) = (first, 0);
        _sums.AsSpan().Clear();
        _saliency.AsSpan().Clear();
    }

    /// <summary>Takes in the frames of a chunk from one on.</summary>
    /// <param name="still">What stands still through the window with them.</param>
    /// <param name="reserve">Tokens set aside for that.</param>
    public void Extend(FrameChunk chunk, int from, ReadOnlySpan<ulong> still, int reserve)
    {
        for (int place = 0; place < places; place++)
        {
            if (!PlaceSet.Has(still, place))
                continue;
            Span<float> sum = _sums.AsSpan(place * hidden, hidden);
            for (int frame = from; frame <= chunk.Count; frame++)
            {
                TensorPrimitives.Add(sum, chunk[frame, place], sum);
                _saliency[place] += chunk.Saliency(frame, place);
            }
        }
        still.CopyTo(_still);
        (Length, Reserve) = (Length + chunk.Count + 1 - from, reserve);
    }
}
