namespace Streaming.Pipelines;

/// <summary>How busy the machine was since the last look.</summary>
/// <param name="Dropped">Frames that all streams together had to throw away.</param>
/// <param name="Lag">The longest time that any stream's newest keyframe took from its arrival to memory.</param>
/// <param name="Lateness">The longest time by which any stream's newest frame came too late out of its decoder.</param>
public readonly record struct Pressure(long Dropped, TimeSpan Lag, TimeSpan Lateness = default);

/// <summary>When rates are lowered and restored.</summary>
public sealed record FairShareOptions
{
    /// <summary>How often the machine is looked at.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A stream that lags more is behind: one sampling step at two frames a second, twice over.</summary>
    public TimeSpan LargestLag { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A decoder that is later cannot keep up: networks and cameras hold frames back for less.</summary>
    public TimeSpan LargestLateness { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Good looks in a row after which all frames are decoded again; doubled each time that proves too early.</summary>
    public int CalmLooks { get; init; } = 60;

    /// <summary>Looks in a row that must be bad before rates are lowered; one burst is no shortage.</summary>
    public int BadLooks { get; init; } = 3;

    /// <summary>Looks in a row that must be good before rates are raised: slower than lowering, so that rates do not swing.</summary>
    public int GoodLooks { get; init; } = 10;

    /// <summary>Factor of one lowering; raising is its inverse root, so three raises undo one lowering. As in TCP: fast down, slow up.</summary>
    public double Step { get; init; } = 0.7;

    /// <summary>The least share: at two frames a second, one in eight seconds, the longest gap between keyframes.</summary>
    public double Least { get; init; } = 1.0 / 16;
}

/// <summary>
/// Lowers the sampling of all streams by the same factor while the machine is too small for them, and restores it when there is
/// room. Where decoders themselves cannot keep up, only intra frames are decoded until it is calm. Pure: it is told the pressure
/// and says the share.
/// </summary>
public sealed class FairShare(FairShareOptions options)
{
    private int _bad, _good, _late, _calm;
    private int _patience = options.CalmLooks;

    /// <summary>The share of each stream's frames to look at, (0, 1].</summary>
    public double Share { get; private set; } = 1;

    /// <summary>Whether decoders shall decode intra frames only.</summary>
    public bool IntraOnly { get; private set; }

    /// <summary>One look.</summary>
    /// <returns>The share from now on.</returns>
    public double Look(Pressure pressure)
    {
        LookAtDecoders(pressure.Lateness > options.LargestLateness);
        bool isBad = pressure.Dropped > 0 || pressure.Lag > options.LargestLag;
        (_bad, _good) = isBad ? (_bad + 1, 0) : (0, _good + 1);
        if (_bad >= options.BadLooks)
            (Share, _bad) = (Math.Max(options.Least, Share * options.Step), 0);
        else if (_good >= options.GoodLooks && Share < 1)
            (Share, _good) = (Raised(Share), 0);
        return Share;
    }

    private void LookAtDecoders(bool isLate)
    {
        (_late, _calm) = isLate ? (_late + 1, 0) : (0, _calm + 1);
        if (!IntraOnly && _late >= options.BadLooks)
            (IntraOnly, _calm) = (true, 0);
        else if (IntraOnly && _calm >= _patience)
            (IntraOnly, _patience) = (false, _patience * 2);
    }

    private double Raised(double share)
    {
        const double rounding = 1e-6;
        double raised = share * Math.Pow(options.Step, -1.0 / 3);
        return raised > 1 - rounding ? 1 : raised;
    }
}
