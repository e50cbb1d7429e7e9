using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// What stands still through a window, one mean a place, and the clusters these merge into (section 3.2). Keeps its memory from window to
/// window.
/// </summary>
/// <param name="product">What the means are compared by; null: on the calling thread.</param>
internal sealed class StillTokens(IMatrixProduct? product = null)
{
    private readonly DensityPeaks _peaks = new(product);
    private float[] _means = [], _saliency = [];
    private int[] _places = [];
    private int _hidden;
    private bool _isClustered;

    /// <summary>Places of the window.</summary>
    public int Count { get; private set; }

    /// <summary>The mean of a place, [hidden].</summary>
    public Span<float> this[int index] => _means.AsSpan(index * _hidden, _hidden);

    /// <summary>Begins a window of at most so many places.</summary>
    public void Begin(int places, int hidden)
    {
        (Count, _hidden) = (0, hidden);
        if (_means.Length < places * hidden)
            _means = new float[places * hidden];
        if (_places.Length < places)
            (_places, _saliency) = (new int[places], new float[places]);
    }

    /// <summary>Adds a place; places come in ascending order.</summary>
    /// <returns>Where its mean goes, [hidden]; it holds zeros.</returns>
    public Span<float> Add(int place, float saliency)
    {
        (_places[Count], _saliency[Count]) = (place, saliency);
        Span<float> mean = this[Count++];
        mean.Clear();
        return mean;
    }

    public int PlaceAt(int index) => _places[index];

    /// <summary>Decides which tokens they merge into, at most <paramref name="budget"/>.</summary>
    /// <returns>How many tokens that are.</returns>
    public int Choose(int budget, HoliTomOptions options)
    {
        _isClustered = budget < Count;
        if (_isClustered && budget > 0)
            _peaks.Cluster(_means.AsSpan(0, Count * _hidden), _hidden, budget, options.Neighbours, options.Published);
        return Math.Min(budget, Count);
    }

    /// <summary>The place of a token that was decided on; ascending.</summary>
    public int PlaceOf(int token) => _places[_isClustered ? _peaks.Centres[token] : token];

    /// <summary>Merges them into <paramref name="budget"/> tokens that are shown with <paramref name="frame"/>.</summary>
    /// <param name="frames">Frames of the window: the weight of a place.</param>
    public void Emit(int budget, int frame, float frames, HoliTomOptions options, ReducedTokens to)
    {
        int tokens = Choose(budget, options);
        for (int token = 0; token < tokens; token++)
            Emit(token, frame, frames, options.Beta, to);
    }

    /// <summary>Emits one of the tokens that were decided on. The centre of a cluster has its own share of it, the mean of the other members the rest.</summary>
    public void Emit(int token, int frame, float frames, float beta, ReducedTokens to)
    {
        (int centre, int members, float saliency) = (_isClustered ? _peaks.Centres[token] : token, 0, 0);
        Span<float> row = to.Add(default);
        row.Clear();
        for (int point = 0; _isClustered && point < Count; point++)
        {
            if (_peaks.Clusters[point] != token || point == centre)
                continue;
            TensorPrimitives.Add(row, this[point], row);
            (members, saliency) = (members + 1, saliency + _saliency[point]);
        }
        if (members > 0)
        {
            TensorPrimitives.Multiply(row, (1 - beta) / members, row);
            TensorPrimitives.MultiplyAdd(this[centre], beta, row, row);
        }
        else
        {
            this[centre].CopyTo(row);
        }
        to.Amend(new ReducedToken(frame, _places[centre], frames * (members + 1), (_saliency[centre] + saliency) / (members + 1)));
    }
}
