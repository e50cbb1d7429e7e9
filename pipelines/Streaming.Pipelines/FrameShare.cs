namespace Streaming.Pipelines;

/// <summary>Lets an even share of a stream's frames through: what lowers its rate when the machine is too small. The share may change at any time.</summary>
public sealed class FrameShare
{
    private double _share = 1;
    private double _credit = 1;

    /// <summary>(0, 1]; 1: every frame.</summary>
    public double Share
    {
        get => Volatile.Read(ref _share);
        set => Volatile.Write(ref _share, value is > 0 and <= 1 ? value : throw new ArgumentOutOfRangeException(nameof(value), value, "must lie in (0, 1]"));
    }

    /// <summary>Whether the next frame is looked at. Called by one thread; the first frame is.</summary>
    public bool Admits()
    {
        const double whole = 1 - 1e-9;
        bool admitted = _credit >= whole;
        _credit += Share - (admitted ? 1 : 0);
        return admitted;
    }
}
