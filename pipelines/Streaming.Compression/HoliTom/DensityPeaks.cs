using System.Numerics;
using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// Density-peak clustering with nearest neighbours (DPC-KNN): centres are dense and far from anything denser; every other point joins the
/// nearest centre. Keeps its memory from call to call.
/// </summary>
/// <param name="product">What the points are compared by; null: <see cref="ManagedMatrixProduct"/>.</param>
public sealed class DensityPeaks(IMatrixProduct? product = null)
{
    private readonly IMatrixProduct _product = product ?? ManagedMatrixProduct.Instance;
    private float[] _distance = [], _norm = [], _density = [];
    private Vector<float>[] _smallest = [];
    private ulong[] _ranking = [];
    private int[] _centres = [], _cluster = [];
    private int _points, _clusters;

    /// <summary>The centres, ascending.</summary>
    public ReadOnlySpan<int> Centres => _centres.AsSpan(0, _clusters);

    /// <summary>For every point the index in <see cref="Centres"/> of its cluster.</summary>
    public ReadOnlySpan<int> Clusters => _cluster.AsSpan(0, _points);

    /// <param name="points">Row-major [count, width].</param>
    /// <param name="centres">How many clusters, 1 to count.</param>
    /// <param name="neighbours">Neighbours that density is measured by.</param>
    /// <param name="published">As in HoliTom's code: a point is its own nearest neighbour, and there are at most as many as centres.</param>
    public void Cluster(ReadOnlySpan<float> points, int width, int centres, int neighbours, bool published)
    {
        (_points, _clusters) = (points.Length / width, centres);
        ArgumentOutOfRangeException.ThrowIfNotEqual(centres >= 1 && centres <= _points, true, nameof(centres));
        Grow();
        MeasureDistances(points, width);
        int nearest = published ? Math.Min(neighbours, centres) : Math.Min(neighbours + 1, _points);
        if (_smallest.Length < nearest)
            _smallest = new Vector<float>[nearest];
        MeasureDensities(nearest, published);
        ChooseCentres(published);
        Assign();
    }

    private Span<float> Row(int point) => _distance.AsSpan(point * _points, _points);

    /// <summary>Squared distances over the width: |a|² + |b|² - 2ab, never below 0.</summary>
    private void MeasureDistances(ReadOnlySpan<float> points, int width)
    {
        _product.Gram(points, width, _distance.AsSpan(0, _points * _points));
        Span<float> norm = _norm.AsSpan(0, _points);
        for (int i = 0; i < _points; i++)
            norm[i] = Row(i)[i];
        for (int i = 0; i < _points; i++)
        {
            Span<float> row = Row(i);
            TensorPrimitives.MultiplyAdd(row, -2, norm, row);
            TensorPrimitives.Add(row, norm[i], row);
            TensorPrimitives.Max(row, 0, row);
            TensorPrimitives.Divide(row, width, row);
            row[i] = 0;
        }
    }

    /// <summary>The density of as many points at a time as fit into a vector: distances are symmetric, so a row's neighbours lie in columns side by side.</summary>
    /// <param name="nearest">How many of the smallest distances count; the first is the point's own, 0, which only the published form averages in.</param>
    private void MeasureDensities(int nearest, bool published)
    {
        Span<Vector<float>> smallest = _smallest.AsSpan(0, nearest);
        int divisor = Math.Max(1, published ? nearest : nearest - 1);
        for (int first = 0; first < _points; first += Vector<float>.Count)
        {
            smallest.Fill(new Vector<float>(float.PositiveInfinity));
            for (int j = 0; j < _points; j++)
            {
                Vector<float> distance = Columns(j, first);
                foreach (ref Vector<float> kept in smallest)
                    (kept, distance) = (Vector.MinNative(kept, distance), Vector.MaxNative(kept, distance));
            }
            var sum = Vector<float>.Zero;
            foreach (Vector<float> kept in smallest)
                sum += kept;
            for (int i = first; i < Math.Min(first + Vector<float>.Count, _points); i++)
                _density[i] = MathF.Exp(-sum[i - first] / divisor);
        }
    }

    /// <summary>Density times distance to the nearest denser point; where none is denser, the largest distance of all.</summary>
    /// <param name="published">Of equally dense points none is denser; otherwise the lower one is, so that twins do not both become centres.</param>
    private void ChooseCentres(bool published)
    {
        var farthest = new Vector<float>(TensorPrimitives.Max(_distance.AsSpan(0, _points * _points)));
        Span<ulong> ranking = _ranking.AsSpan(0, _points);
        for (int first = 0; first < _points; first += Vector<float>.Count)
        {
            Vector<float> density = Vector.LoadUnsafe(ref _density[first]), apart = farthest;
            Vector<int> index = Vector<int>.Indices + new Vector<int>(first);
            for (int j = 0; j < _points; j++)
            {
                var other = new Vector<float>(_density[j]);
                Vector<int> isDenser = Vector.GreaterThan(other, density);
                if (!published)
                    isDenser |= Vector.Equals(other, density) & Vector.GreaterThan(index, new Vector<int>(j));
                apart = Vector.MinNative(apart, Vector.ConditionalSelect(isDenser, Columns(j, first), farthest));
            }
            for (int i = first; i < Math.Min(first + Vector<float>.Count, _points); i++)
                ranking[i] = Ranking.HighestFirst(_density[i] * MathF.Sqrt(apart[i - first]), i);
        }
        ranking.Sort();
        for (int c = 0; c < _clusters; c++)
            _centres[c] = Ranking.IndexOf(ranking[c]);
        _centres.AsSpan(0, _clusters).Sort();
    }

    /// <summary>Distances from a point to several side by side; beyond the last one whatever lies there.</summary>
    private Vector<float> Columns(int point, int first) => Vector.LoadUnsafe(ref _distance[point * _points + first]);

    private void Assign()
    {
        for (int i = 0; i < _points; i++)
        {
            int nearest = 0;
            for (int c = 1; c < _clusters; c++)
            {
                if (Row(i)[_centres[c]] < Row(i)[_centres[nearest]])
                    nearest = c;
            }
            _cluster[i] = nearest;
        }
        for (int c = 0; c < _clusters; c++)
            _cluster[_centres[c]] = c;
    }

    private void Grow()
    {
        if (_norm.Length >= _points)
            return;
        int beyond = Vector<float>.Count; // what vectors read past the last point
        (_distance, _norm, _density) = (new float[_points * _points + beyond], new float[_points], new float[_points + beyond]);
        (_ranking, _centres, _cluster) = (new ulong[_points], new int[_points], new int[_points]);
    }
}
