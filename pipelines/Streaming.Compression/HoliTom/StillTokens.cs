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
    private int _count, _hidden;

    /// <summary>Begins a window of at most so many places.</summary>
    public void Begin(int places, int hidden)
    {
        (_count, _hidden) = (0, hidden);
        if (_means.Length < places * hidden)
            _means = new float[places * hidden];
        if (_places.Length < places)
            (_places, _saliency) = (new int[places], new float[places]);
    }

    /// <summary>Adds a place; places come in ascending order.</summary>
    /// <returns>Where its mean goes, [hidden]; it holds zeros.</returns>
    public Span<float> Add(int place, float saliency)
    {
        (_places[_count], _saliency[_count]) = (place, saliency);
        Span<float> mean = _means.AsSpan(_count++ * _hidden, _hidden);
        mean.Clear();
        return mean;
    }

    /// <summary>Merges them into <paramref name="budget"/> tokens that are shown with <paramref name="frame"/>.</summary>
    /// <param name="frames">Frames of the window: the weight of a place.</param>
    public void Emit(int budget, int frame, float frames, HoliTomOptions options, ReducedTokens to)
    {
        if (budget == 0)
            return;
        if (budget >= _count)
        {
            for (int i = 0; i < _count; i++)
                Mean(i).CopyTo(to.Add(new ReducedToken(frame, _places[i], frames, _saliency[i])));
            return;
        }
        _peaks.Cluster(_means.AsSpan(0, _count * _hidden), _hidden, budget, options.Neighbours, options.Published);
        for (int cluster = 0; cluster < budget; cluster++)
            EmitCluster(cluster, frame, frames, options.Beta, to);
    }

    /// <summary>The centre has its own share of the merged token, the mean of the other members the rest.</summary>
    private void EmitCluster(int cluster, int frame, float frames, float beta, ReducedTokens to)
    {
        (int centre, int members, float saliency) = (_peaks.Centres[cluster], 0, 0);
        Span<float> row = to.Add(default);
        row.Clear();
        for (int point = 0; point < _count; point++)
        {
            if (_peaks.Clusters[point] != cluster || point == centre)
                continue;
            TensorPrimitives.Add(row, Mean(point), row);
            (members, saliency) = (members + 1, saliency + _saliency[point]);
        }
        if (members > 0)
        {
            TensorPrimitives.Multiply(row, (1 - beta) / members, row);
            TensorPrimitives.MultiplyAdd(Mean(centre), beta, row, row);
        }
        else
        {
            Mean(centre).CopyTo(row);
        }
        to.Amend(new ReducedToken(frame, _places[centre], frames * (members + 1), (_saliency[centre] + saliency) / (members + 1)));
    }

    private ReadOnlySpan<float> Mean(int index) => _means.AsSpan(index * _hidden, _hidden);
}
