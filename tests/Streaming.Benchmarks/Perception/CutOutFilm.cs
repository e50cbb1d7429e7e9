using Streaming.Models;
using Streaming.Perception;
using Streaming.World;

namespace Streaming.Benchmarks.Perception;

/// <summary>What happens in a film, for certain.</summary>
internal sealed record TrueEvent(FactKind Kind, double Seconds);

/// <summary>One who walks through a film: in at one side, out at the other, perhaps with a halt.</summary>
/// <param name="Enters">When the first of him is in the picture; before 0 he is there from the start.</param>
/// <param name="Speed">Pixels per second, to the right; negative: to the left.</param>
/// <param name="HaltsAt">How far he has walked when he halts, in pixels; infinite: never.</param>
/// <param name="IsBehind">He passes behind the pillar, else before it.</param>
internal sealed record Walker(CutOut Looks, int Top, double Enters, double Speed, double HaltsAt, double HaltSeconds, bool IsBehind)
{
    public double WayLength => CutOuts.Width + Looks.Width;

    public double HaltBegins => Enters + HaltsAt / Math.Abs(Speed);

    public double Leaves => Enters + WayLength / Math.Abs(Speed) + (double.IsFinite(HaltsAt) ? HaltSeconds : 0);

    /// <summary>The left edge of the cut-out.</summary>
    public int LeftAt(double seconds)
    {
        double walking = seconds - Enters - (double.IsFinite(HaltsAt) ? Math.Clamp(seconds - HaltBegins, 0, HaltSeconds) : 0);
        return (int)Math.Round(Speed > 0 ? -Looks.Width + Speed * walking : CutOuts.Width + Speed * walking);
    }
}

/// <summary>Three to twelve people who cross a real path, a third of them behind a pillar at times. The same for the same seed.</summary>
internal sealed class CutOutFilm
{
    public const int Seconds = 24, FramesPerSecond = 5;

    // From a slow stroll to a run, for people of this size in this picture.
    private const double SlowestWalk = 55, FastestWalk = 130;

    // Nobody comes while another who goes the same way is still at that side of the same lane.
    private const int LaneHeight = 34;

    private readonly CutOuts _footage;
    private readonly int _pillarLeft, _pillarWidth;

    public CutOutFilm(CutOuts footage, ulong seed)
    {
        var dice = new Dice(seed);
        _footage = footage;
        (_pillarLeft, _pillarWidth) = (dice.Between(200, 480), dice.Between(50, 90));
        int count = dice.Between(3, 12);
        int lanes = (CutOuts.Height - 220) / LaneHeight;
        int[] lane = dice.Shuffle(Enumerable.Range(0, lanes));
        CutOut[] looks = dice.Shuffle(footage.People);
        Walkers = [.. Enumerable.Range(0, count).Select(i => Direct(dice, looks[i % looks.Length], 60 + lane[i % lanes] * LaneHeight))];
    }

    public IReadOnlyList<Walker> Walkers { get; }

    public static int Frames => Seconds * FramesPerSecond;

    /// <summary>Comings, goings, halts.</summary>
    public IEnumerable<TrueEvent> Events => Walkers.SelectMany(EventsOf).Where(one => one.Seconds < Seconds - 1);

    /// <summary>Paints a frame and tells where everybody is who is at least half to be seen.</summary>
    /// <param name="rgb">Receives [576, 768, 3].</param>
    public IReadOnlyList<(int Walker, Box Box)> Paint(double seconds, byte[] rgb)
    {
        _footage.Backdrop.CopyTo(rgb, 0);
        var seen = new List<(int, Box)>();
        int[] order = [.. Enumerable.Range(0, Walkers.Count).OrderBy(i => !Walkers[i].IsBehind).ThenBy(i => Walkers[i].Top + Walkers[i].Looks.Height)];
        bool hasPillar = false;
        foreach (int i in order)
        {
            if (!Walkers[i].IsBehind && !hasPillar)
                PaintPillar(rgb, ref hasPillar);
            Paint(Walkers[i], seconds, rgb);
            if (BoxOf(Walkers[i], seconds) is { } box)
                seen.Add((i, box));
        }
        PaintPillar(rgb, ref hasPillar);
        return seen;
    }

    private static Walker Direct(Dice dice, CutOut looks, int top)
    {
        double speed = dice.Between(SlowestWalk, FastestWalk) * (dice.Chance(0.5) ? 1 : -1);
        bool halts = dice.Chance(0.3);
        double enters = dice.Between(-4.0, Seconds - 6.0);
        return new Walker(
            looks, Math.Min(top, CutOuts.Height - looks.Height - 4), enters, speed, halts ? dice.Between(0.35, 0.6) * CutOuts.Width : double.PositiveInfinity,
            halts ? dice.Between(4.0, 7.0) : 0, dice.Chance(1.0 / 3));
    }

    private static IEnumerable<TrueEvent> EventsOf(Walker walker)
    {
        // Seen when half of the cut-out is in the picture.
        double half = walker.Looks.Width / 2.0 / Math.Abs(walker.Speed);
        yield return new TrueEvent(FactKind.Enter, Math.Max(0, walker.Enters + half));
        yield return new TrueEvent(FactKind.Leave, walker.Leaves - half);
        if (double.IsFinite(walker.HaltsAt) && walker.HaltBegins > 0)
        {
            yield return new TrueEvent(FactKind.Stop, walker.HaltBegins);
            yield return new TrueEvent(FactKind.Go, walker.HaltBegins + walker.HaltSeconds);
        }
    }

    /// <summary>Null where less than half of him is to be seen.</summary>
    private Box? BoxOf(Walker walker, double seconds)
    {
        int left = walker.LeftAt(seconds), right = left + walker.Looks.Width;
        int shown = Math.Max(0, Math.Min(right, CutOuts.Width) - Math.Max(left, 0));
        if (walker.IsBehind)
            shown -= Math.Max(0, Math.Min(right, _pillarLeft + _pillarWidth) - Math.Max(left, _pillarLeft));
        return shown * 2 < walker.Looks.Width ? null : new Box(
            left / (float)CutOuts.Width, walker.Top / (float)CutOuts.Height, right / (float)CutOuts.Width, (walker.Top + walker.Looks.Height) / (float)CutOuts.Height).InPicture();
    }

    private static void Paint(Walker walker, double seconds, byte[] rgb)
    {
        int left = walker.LeftAt(seconds);
        CutOut looks = walker.Looks;
        for (int y = 0; y < looks.Height; y++)
            for (int x = Math.Max(0, -left); x < Math.Min(looks.Width, CutOuts.Width - left); x++)
                if (looks.Mask[y * looks.Width + x])
                    looks.Rgb.AsSpan((y * looks.Width + x) * 3, 3).CopyTo(rgb.AsSpan(((walker.Top + y) * CutOuts.Width + left + x) * 3));
    }

    /// <summary>From top to bottom, of grey stone.</summary>
    private void PaintPillar(byte[] rgb, ref bool hasPillar)
    {
        for (int y = 0; !hasPillar && y < CutOuts.Height; y++)
            for (int x = _pillarLeft; x < _pillarLeft + _pillarWidth; x++)
                rgb.AsSpan((y * CutOuts.Width + x) * 3, 3).Fill((byte)(110 + (x * 7 + y * 3) % 9 - Math.Abs(2 * (x - _pillarLeft) - _pillarWidth) / 2));
        hasPillar = true;
    }
}
