using Streaming.Models;
using Streaming.Perception;

namespace Streaming.World.Notes;

/// <summary>Draws scenes of notes: which things come, what they look like, do and leave by, over all classes of the detector.</summary>
public static class NoteStage
{
    /// <summary>What cameras see most; half of all things are of these.</summary>
    private static readonly string[] Frequent = ["person", "car", "dog", "bicycle", "truck", "bus", "cat", "motorcycle", "bird", "backpack"];

    private static readonly string[] Edges = ["left", "right", "top", "bottom"];

    private static readonly string[] Places = ["top left", "top", "top right", "left", "middle", "right", "bottom left", "bottom", "bottom right"];

    private static readonly string[] ZoneNames =
        ["gate", "door", "yard", "street", "road", "desk", "line", "entry", "exit", "stairs", "ramp", "shelf", "track", "lane-1", "lane-2", "zone-a", "A1", "B2", "bay3", "till"];

    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ", Digits = "0123456789";

    private static readonly string[] Words =
        ["EXIT", "OPEN", "STOP", "TAXI", "CAFE", "HOTEL", "SALE", "BUS", "PARK", "SHOP", "POLICE", "NO ENTRY", "WELCOME", "PUSH", "PULL", "Line", "Room", "Gate", "Platform", "Floor"];

    /// <summary>The latest second that the shipped model knows.</summary>
    private const int LongestTime = 600;

    public static NoteScene Draw(ulong seed)
    {
        var dice = new Dice(seed);
        int length = dice.Chance(0.55) ? dice.Between(8, 99) : dice.Between(100, LongestTime);
        int begin = dice.Chance(0.3) ? dice.Between(0, LongestTime - length) : 0;
        double from = begin, until = begin + length;
        string[] zones = dice.Chance(0.4) ? [.. dice.Shuffle(ZoneNames).Take(dice.Between(1, 2))] : [];
        Actor[] actors = [.. DrawActors(dice, from, until, zones)];
        Print[] prints = [.. DrawPrints(dice, from, until)];
        NotebookSnapshot book = NoteScribe.Write(actors, prints, from, until);
        NoteSheet sheet = NoteSheet.Of(book, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(until));
        return new NoteScene(from, until, actors, zones, prints, book, sheet);
    }

    private static IEnumerable<Actor> DrawActors(Dice dice, double from, double until, string[] zones)
    {
        string[] labels = [.. Enumerable.Range(0, dice.Between(1, 4)).Select(_ => DrawLabel(dice)).Distinct()];
        int count = dice.Chance(0.04) ? 0 : dice.Between(1, dice.Chance(0.3) ? 12 : 6);
        // A stream is rarely full all the time.
        double longest = dice.Chance(0.5) ? Math.Max(3, (until - from) / 5) : until - from;
        return Enumerable.Range(0, count).Select(_ => DrawStay(dice, from, until, longest)).OrderBy(stay => stay.From).ToArray()
            .Select((stay, i) => DrawActor(dice, labels[Math.Min(dice.Below(labels.Length), dice.Below(labels.Length))], i + 1, stay, from, until, zones));
    }

    internal static string DrawLabel(Dice dice) => dice.Chance(0.03) ? TrackerOptions.Unnamed : dice.Chance(0.5) ? dice.Pick(Frequent) : dice.Pick(CocoLabels.All);

    internal static string DrawColour(Dice dice) => dice.Pick(Enum.GetNames<ColourName>()).ToLowerInvariant();

    private static (double From, bool WasThere, double? To) DrawStay(Dice dice, double from, double until, double longest)
    {
        bool wasThere = dice.Chance(0.15);
        double begin = !wasThere ? Math.Round(dice.Between(from + 1, until - 1), 1) : from > 0 && dice.Chance(0.7) ? Math.Round(dice.Between(Math.Max(0, from - 40), from), 1) : from;
        double end = Math.Round(Math.Max(begin, from) + dice.Between(1.5, Math.Max(2, longest)) * dice.Between(0.2, 1.0), 1);
        // What is gone less than a second before the end, perception may not have given up yet.
        return (begin, wasThere, end > until - 2 || dice.Chance(0.1) ? null : end);
    }

    private static Actor DrawActor(Dice dice, string label, int number, (double From, bool WasThere, double? To) stay, double from, double until, string[] zones)
    {
        (string edge, string way) = DrawWay(dice, inwards: true);
        (string leaveEdge, string leaveWay) = DrawWay(dice, inwards: false);
        string? colour = dice.Chance(0.12) ? null : DrawColour(dice);
        int sure = dice.Chance(0.12) ? dice.Between(31, NoteSheet.SureFrom - 1) : dice.Between(NoteSheet.SureFrom, 92);
        ActorDeed[] deeds = [.. DrawDeeds(dice, Math.Max(stay.From, from), stay.To ?? until, zones)];
        return new Actor(label, number, colour, dice.Between(25, 95), sure, stay.From, stay.WasThere, stay.WasThere && stay.From == from ? dice.Pick(Places) : edge, way, stay.To, leaveEdge, leaveWay, deeds);
    }

    /// <summary>An edge with the way over it; either may not be known.</summary>
    private static (string Edge, string Way) DrawWay(Dice dice, bool inwards)
    {
        if (dice.Chance(0.15))
            return ("inside", "");
        int edge = dice.Below(Edges.Length);
        string along = (inwards ? new[] { "right", "left", "down", "up" } : ["left", "right", "up", "down"])[edge];
        string aside = dice.Pick(edge < 2 ? new[] { "up", "down" } : ["left", "right"]);
        string both = edge < 2 ? $"{aside} {along}" : $"{along} {aside}";
        return (Edges[edge], dice.Chance(0.2) ? "" : dice.Chance(0.25) ? both : along);
    }

    private static IEnumerable<ActorDeed> DrawDeeds(Dice dice, double from, double to, string[] zones)
    {
        if (to - from > 5 && dice.Chance(0.25))
        {
            double stop = Math.Round(dice.Between(from + 0.5, to - 4), 1);
            yield return new ActorDeed(FactKind.Stop, stop, dice.Pick(Places));
            if (dice.Chance(0.4))
                yield return new ActorDeed(FactKind.Go, Math.Round(dice.Between(stop + 2, to), 1), dice.Pick(new[] { "left", "right", "up", "down" }));
        }
        foreach (string zone in zones.Where(_ => to - from > 2 && dice.Chance(0.35)))
        {
            double at = Math.Round(dice.Between(from + 0.2, to - 1), 1);
            // Lines have names without a digit, areas the others.
            if (!zone.Any(char.IsDigit))
                yield return new ActorDeed(FactKind.Cross, at, $"{zone} {(dice.Chance(0.5) ? "forwards" : "backwards")}");
            else
                yield return new ActorDeed(FactKind.EnterZone, at, zone);
        }
    }

    private static IEnumerable<Print> DrawPrints(Dice dice, double from, double until)
    {
        if (dice.Chance(0.3))
        {
            foreach (int _ in Enumerable.Range(0, dice.Chance(0.25) ? 2 : 1))
            {
                double first = Math.Round(dice.Between(from, until), 1);
                yield return new Print(DrawText(dice), first, Math.Round(dice.Between(first, until), 1), false);
            }
        }
        if (dice.Chance(0.15))
        {
            string clock = $"{dice.Between(0, 23):00}:{dice.Between(0, 59):00}:{dice.Between(0, 59):00}";
            string day = dice.Chance(0.3) ? $"20{dice.Between(10, 39)}-{dice.Between(1, 12):00}-{dice.Between(1, 28):00} " : "";
            yield return new Print(day + clock, from, until, true);
        }
    }

    private static string DrawText(Dice dice) => dice.Below(5) switch
    {
        0 => dice.Pick(Words),
        1 => $"{dice.Pick(Words)} {dice.Between(1, 99)}",
        2 => $"{DrawSome(dice, Letters, 1, 3)}-{DrawSome(dice, Letters, 1, 2)} {DrawSome(dice, Digits, 2, 4)}",
        3 => $"{DrawSome(dice, Letters, 2, 6)} {DrawSome(dice, Letters, 2, 6)}",
        _ => DrawSome(dice, Letters + Digits, 3, 7),
    };

    private static string DrawSome(Dice dice, string from, int least, int most) =>
        string.Concat(Enumerable.Range(0, dice.Between(least, most)).Select(_ => from[dice.Below(from.Length)]));
}
