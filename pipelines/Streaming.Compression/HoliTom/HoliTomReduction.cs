using System.Numerics.Tensors;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// HoliTom's outer stage (Shao et al., arXiv 2505.21334, sections 3.1 and 3.2): windows in which much stands still, one token for every place
/// that does, clusters of those tokens by density peaks, and of all other places the most salient ones.
/// One instance is used by one thread; it keeps its memory, so that a call of a size seen before allocates nothing.
/// </summary>
public sealed class HoliTomReduction
{
    private readonly WindowPlan _plan = new();
    private readonly DensityPeaks _peaks = new();
    private float[] _features = [], _means = [], _meanSaliency = [];
    private ReducedToken[] _tokens = [];
    private ulong[] _ranking = [];
    private int[] _places = [], _chosen = [], _members = [];
    private int _hidden;

    public int Count { get; private set; }

    /// <summary>The kept tokens, row-major [<see cref="Count"/>, hidden]; valid until the next call.</summary>
    public ReadOnlySpan<float> Features => _features.AsSpan(0, Count * _hidden);

    /// <summary>What each kept token stands for; valid until the next call.</summary>
    public ReadOnlySpan<ReducedToken> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>The first frame of each window, in order.</summary>
    public ReadOnlySpan<int> Starts => _plan.Starts;

    /// <summary>Tokens that temporal merging alone removed.</summary>
    public int Saved => _plan.Saved;

    /// <summary>Share of the tokens left by temporal merging that the spatial stage was asked to keep.</summary>
    public double Ratio => _plan.Ratio;

    /// <summary>Keeps <see cref="HoliTomOptions.RetainRatio"/> of the tokens, rounded to the nearest even number.</summary>
    public void Reduce(TokenVolume volume, HoliTomOptions options) =>
        Reduce(volume, options, (int)Math.Round(volume.Tokens * options.RetainRatio, MidpointRounding.ToEven));

    /// <param name="budget">The most tokens to keep; the published form follows the ratio alone.</param>
    public void Reduce(TokenVolume volume, HoliTomOptions options, int budget)
    {
        _plan.Make(volume, options, budget);
        Grow(volume);
        Count = 0;
        for (int window = 0; window < Starts.Length; window++)
            ReduceWindow(volume, options, window);
    }

    private void ReduceWindow(TokenVolume volume, HoliTomOptions options, int window)
    {
        int first = Starts[window], still = _plan.StillBudget(window), places = _plan.StillPlaces(window);
        if (still > 0)
        {
            MergeInTime(volume, window);
            if (still < places)
                _peaks.Cluster(_means.AsSpan(0, places * _hidden), _hidden, still, options.Neighbours, options.Published);
        }
        int next = 0;
        for (int frame = first; frame <= _plan.Last(window); frame++)
        {
            foreach (int place in MostSalient(volume, window, frame))
            {
                // In its first frame, what stands still is in order of place with the rest; the authors put it before.
                while (frame == first && next < still && (options.Published || StillPlace(next, still < places) < place))
                    EmitStill(options, window, next++, still < places);
                Emit(new ReducedToken(frame, place, 1, volume.Saliency(frame, place)), volume[frame, place]);
            }
            while (frame == first && next < still)
                EmitStill(options, window, next++, still < places);
        }
    }

    /// <summary>The mean over the window of every place that stands still through it, and of its saliency.</summary>
    private void MergeInTime(TokenVolume volume, int window)
    {
        (int first, int last, int count) = (Starts[window], _plan.Last(window), 0);
        for (int place = 0; place < volume.Places; place++)
        {
            if (!_plan.StandsStill(window, place))
                continue;
            Span<float> mean = _means.AsSpan(count * _hidden, _hidden);
            mean.Clear();
            float saliency = 0;
            for (int frame = first; frame <= last; frame++)
            {
                TensorPrimitives.Add(mean, volume[frame, place], mean);
                saliency += volume.Saliency(frame, place);
            }
            TensorPrimitives.Divide(mean, last - first + 1, mean);
            _meanSaliency[count] = saliency / (last - first + 1);
            _places[count++] = place;
        }
    }

    /// <summary>Of the places that do not stand still, the frame's budget of the most salient, ascending.</summary>
    private ReadOnlySpan<int> MostSalient(TokenVolume volume, int window, int frame)
    {
        int candidates = 0, budget = _plan.FrameBudget(frame);
        for (int place = 0; place < volume.Places; place++)
        {
            if (!_plan.StandsStill(window, place))
                _ranking[candidates++] = Ranking.HighestFirst(volume.Saliency(frame, place), place);
        }
        _ranking.AsSpan(0, candidates).Sort();
        for (int i = 0; i < budget; i++)
            _chosen[i] = Ranking.IndexOf(_ranking[i]);
        _chosen.AsSpan(0, budget).Sort();
        return _chosen.AsSpan(0, budget);
    }

    private int StillPlace(int index, bool isClustered) => _places[isClustered ? _peaks.Centres[index] : index];

    private void EmitStill(HoliTomOptions options, int window, int index, bool isClustered)
    {
        int first = Starts[window], centre = isClustered ? _peaks.Centres[index] : index;
        float frames = _plan.Last(window) - first + 1, saliency = _meanSaliency[centre];
        ReadOnlySpan<float> value = Mean(centre);
        Span<float> row = Emit(new ReducedToken(first, _places[centre], frames, saliency), value);
        if (!isClustered)
            return;
        int members = Members(index, centre);
        if (members == 0)
            return;
        row.Clear();
        foreach (int member in _members.AsSpan(0, members))
        {
            TensorPrimitives.Add(row, Mean(member), row);
            saliency += _meanSaliency[member];
        }
        TensorPrimitives.Multiply(row, (1 - options.Beta) / members, row);
        TensorPrimitives.MultiplyAdd(value, options.Beta, row, row);
        _tokens[Count - 1] = new ReducedToken(first, _places[centre], frames * (members + 1), saliency / (members + 1));
    }

    /// <summary>The points of a cluster besides its centre, in <see cref="_members"/>.</summary>
    private int Members(int cluster, int centre)
    {
        int members = 0;
        for (int point = 0; point < _peaks.Clusters.Length; point++)
        {
            if (_peaks.Clusters[point] == cluster && point != centre)
                _members[members++] = point;
        }
        return members;
    }

    private ReadOnlySpan<float> Mean(int index) => _means.AsSpan(index * _hidden, _hidden);

    private Span<float> Emit(ReducedToken token, ReadOnlySpan<float> features)
    {
        Span<float> row = _features.AsSpan(Count * _hidden, _hidden);
        features.CopyTo(row);
        _tokens[Count++] = token;
        return row;
    }

    private void Grow(TokenVolume volume)
    {
        _hidden = volume.Hidden;
        if (_features.Length < _plan.Kept * _hidden)
            _features = new float[_plan.Kept * _hidden];
        if (_tokens.Length < _plan.Kept)
            _tokens = new ReducedToken[_plan.Kept];
        if (_means.Length < volume.Places * _hidden)
            _means = new float[volume.Places * _hidden];
        if (_places.Length < volume.Places)
        {
            (_places, _chosen, _members) = (new int[volume.Places], new int[volume.Places], new int[volume.Places]);
            (_ranking, _meanSaliency) = (new ulong[volume.Places], new float[volume.Places]);
        }
    }
}

/// <summary>A token that was kept.</summary>
/// <param name="Frame">The frame it is shown with: its own, or the first of the window it stands still through.</param>
/// <param name="Weight">How many tokens of the volume it stands for.</param>
/// <param name="Saliency">The mean over them.</param>
public readonly record struct ReducedToken(int Frame, int Place, float Weight, float Saliency);
