namespace Streaming.Compression.HoliTom;

/// <summary>Frames that wait to be decided on together, numbered from 1, and as number 0 the one before them.</summary>
/// <param name="capacity">Most frames that wait.</param>
internal sealed class FrameChunk(int capacity, int places, int hidden)
{
    private readonly float[] _features = new float[(capacity + 1) * places * hidden];
    private readonly float[] _saliency = new float[(capacity + 1) * places];

    public int Places => places;

    public int Hidden => hidden;

    /// <summary>Frames that wait.</summary>
    public int Count { get; private set; }

    public bool IsFull => Count == capacity;

    /// <summary>The features of one token, [hidden].</summary>
    public ReadOnlySpan<float> this[int frame, int place] => _features.AsSpan((frame * places + place) * hidden, hidden);

    /// <summary>The features of one frame, [places, hidden].</summary>
    public ReadOnlySpan<float> this[int frame] => _features.AsSpan(frame * places * hidden, places * hidden);

    public float Saliency(int frame, int place) => _saliency[frame * places + place];

    /// <param name="features">[places, hidden].</param>
    /// <param name="saliency">[places].</param>
    public void Add(ReadOnlySpan<float> features, ReadOnlySpan<float> saliency)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(features.Length, places * hidden, nameof(features));
        ArgumentOutOfRangeException.ThrowIfNotEqual(saliency.Length, places, nameof(saliency));
        Count++;
        features.CopyTo(_features.AsSpan(Count * places * hidden));
        saliency.CopyTo(_saliency.AsSpan(Count * places));
    }

    /// <summary>None waits any more; the last one is now the one before.</summary>
    public void Empty()
    {
        this[Count].CopyTo(_features);
        Count = 0;
    }
}
