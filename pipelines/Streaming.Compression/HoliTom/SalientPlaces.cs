namespace Streaming.Compression.HoliTom;

/// <summary>Chooses the most salient of some places; of equally salient ones the lower. Keeps its memory from frame to frame.</summary>
internal sealed class SalientPlaces
{
    private ulong[] _ranking = [];
    private int[] _chosen = [];
    private int _count;

    /// <summary>Begins a choice among at most so many places.</summary>
    public void Begin(int places)
    {
        _count = 0;
        if (_chosen.Length < places)
            (_ranking, _chosen) = (new ulong[places], new int[places]);
    }

    public void Add(int place, float saliency) => _ranking[_count++] = Ranking.HighestFirst(saliency, place);

    /// <summary>The <paramref name="count"/> most salient, ascending; valid until the next choice.</summary>
    public ReadOnlySpan<int> Most(int count)
    {
        _ranking.AsSpan(0, _count).Sort();
        for (int i = 0; i < count; i++)
            _chosen[i] = Ranking.IndexOf(_ranking[i]);
        _chosen.AsSpan(0, count).Sort();
        return _chosen.AsSpan(0, count);
    }
}
