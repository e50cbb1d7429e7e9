using System.Numerics.Tensors;
using Streaming.Models;

namespace Streaming.Compression.HoliTom;

/// <summary>
/// HoliTom's outer stage (Shao et al., arXiv 2505.21334, sections 3.1 and 3.2): windows in which much stands still, one token for every place
/// that does, clusters of those tokens by density peaks, and of all other places the most salient ones.
/// One instance is used by one thread; it keeps its memory, so that a call of a size seen before allocates nothing.
/// </summary>
/// <param name="product">What tokens are compared by; null: on the calling thread.</param>
public sealed class HoliTomReduction(IMatrixProduct? product = null)
{
    private readonly WindowPlan _plan = new();
    private readonly StillTokens _still = new(product);
    private readonly SalientPlaces _salient = new();

    /// <summary>The kept tokens, valid until the next call: by frame and place; in the published form each window's merged ones first.</summary>
    public ReducedTokens Kept { get; } = new();

    public int Count => Kept.Count;

    /// <summary>Row-major [<see cref="Count"/>, hidden]; valid until the next call.</summary>
    public ReadOnlySpan<float> Features => Kept.Features;

    /// <summary>What each kept token stands for; valid until the next call.</summary>
    public ReadOnlySpan<ReducedToken> Tokens => Kept.Tokens;

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
        Kept.Clear(volume.Hidden);
        for (int window = 0; window < Starts.Length; window++)
            ReduceWindow(volume, options, window);
    }

    private void ReduceWindow(TokenVolume volume, HoliTomOptions options, int window)
    {
        (int first, int last) = (Starts[window], _plan.Last(window));
        (int merged, int emitted) = (0, 0);
        if (_plan.StillBudget(window) > 0)
        {
            MergeInTime(volume, window);
            merged = _still.Choose(_plan.StillBudget(window), options);
        }
        for (int frame = first; frame <= last; frame++)
        {
            _salient.Begin(volume.Places);
            for (int place = 0; place < volume.Places; place++)
            {
                if (!_plan.StandsStill(window, place))
                    _salient.Add(place, volume.Saliency(frame, place));
            }
            foreach (int place in _salient.Most(_plan.FrameBudget(frame)))
            {
                // What is merged is shown with the first frame, in order of place among its others.
                for (; emitted < merged && (options.Published || _still.PlaceOf(emitted) < place); emitted++)
                    _still.Emit(emitted, first, last - first + 1, options.Beta, Kept);
                volume[frame, place].CopyTo(Kept.Add(new ReducedToken(frame, place, 1, volume.Saliency(frame, place))));
            }
            for (; emitted < merged; emitted++)
                _still.Emit(emitted, first, last - first + 1, options.Beta, Kept);
        }
    }

    /// <summary>The mean over the window of every place that stands still through it, and of its saliency.</summary>
    private void MergeInTime(TokenVolume volume, int window)
    {
        (int first, int last) = (Starts[window], _plan.Last(window));
        _still.Begin(volume.Places, volume.Hidden);
        for (int place = 0; place < volume.Places; place++)
        {
            if (!_plan.StandsStill(window, place))
                continue;
            float saliency = 0;
            for (int frame = first; frame <= last; frame++)
                saliency += volume.Saliency(frame, place);
            _still.Add(place, saliency / (last - first + 1));
        }
        // Frame by frame, as they lie in memory: the means fit into the cache, the frames do not.
        for (int frame = first; frame <= last; frame++)
        {
            for (int i = 0; i < _still.Count; i++)
                TensorPrimitives.Add(_still[i], volume[frame, _still.PlaceAt(i)], _still[i]);
        }
        for (int i = 0; i < _still.Count; i++)
            TensorPrimitives.Divide(_still[i], last - first + 1, _still[i]);
    }
}
