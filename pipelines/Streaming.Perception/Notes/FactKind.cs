using System.Collections.Frozen;

namespace Streaming.Perception;

/// <summary>What kind of fact a note holds. The words of each, and what their detail is, stand in <see cref="NoteLine"/>.</summary>
public enum FactKind : byte
{
    /// <summary>Was in the picture when looking began: at the start of the stream or after a cut.</summary>
    Present,
    Enter,
    Leave,
    Stop,
    Go,

    /// <summary>Crosses a line of the settings.</summary>
    Cross,
    EnterZone,
    LeaveZone,

    /// <summary>A whole stay in the picture, with looks and way. Written when it is over.</summary>
    Visit,

    /// <summary>A running account of one class.</summary>
    Total,

    /// <summary>Words that can be read in the picture.</summary>
    Text,

    /// <summary>A clock that is laid over the picture; no event.</summary>
    Clock,

    /// <summary>The picture was replaced by another: things before and after are not the same.</summary>
    Cut,

    /// <summary>What somebody said or wrote about the stream.</summary>
    Say,
}

/// <summary>The words of each kind of fact.</summary>
public static class FactWords
{
    private static readonly FrozenDictionary<FactKind, string> Words = new Dictionary<FactKind, string>
    {
        [FactKind.Present] = "is there",
        [FactKind.Enter] = "enters",
        [FactKind.Leave] = "leaves",
        [FactKind.Stop] = "stops",
        [FactKind.Go] = "goes on",
        [FactKind.Cross] = "crosses",
        [FactKind.EnterZone] = "enters zone",
        [FactKind.LeaveZone] = "leaves zone",
        [FactKind.Visit] = "is seen",
        [FactKind.Total] = "in all",
        [FactKind.Text] = "reads",
        [FactKind.Clock] = "clock",
        [FactKind.Cut] = "cut",
        [FactKind.Say] = "says",
    }.ToFrozenDictionary();

    // The longest first: "enters zone" before "enters".
    private static readonly FactKind[] ByLength = [.. Words.OrderByDescending(pair => pair.Value.Length).Select(pair => pair.Key)];

    public static string Of(FactKind kind) => Words[kind];

    /// <summary>Whether facts of the kind are about a thing.</summary>
    public static bool HasThing(FactKind kind) => kind < FactKind.Text;

    /// <summary>Whether the detail is free text, in quotes.</summary>
    public static bool IsQuoted(FactKind kind) => kind is FactKind.Text or FactKind.Clock or FactKind.Say;

    /// <summary>Whether each fact of the kind is one more thing that came into view.</summary>
    public static bool IsArrival(FactKind kind) => kind is FactKind.Present or FactKind.Enter;

    /// <summary>Which kind a text begins with, as a whole word, and what follows; null if none.</summary>
    internal static (FactKind Kind, string After)? Read(string text)
    {
        foreach (FactKind kind in ByLength)
        {
            string words = Words[kind];
            if (text == words)
                return (kind, "");
            if (text.StartsWith(words, StringComparison.Ordinal) && text[words.Length] == ' ')
                return (kind, text[(words.Length + 1)..]);
        }
        return null;
    }
}
