using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>What a note says: a kind, the thing it is about, and words that the kind explains. Equal facts are written equally.</summary>
public sealed partial record Fact
{
    /// <param name="thing">Whom it is about; null where a kind is about none (<see cref="FactWords.HasThing"/>).</param>
    /// <param name="detail">What the kind's words end with. Free text for quoted kinds; for all others one line of words without quotes or @.</param>
    /// <exception cref="ArgumentException">The thing or the detail does not go with the kind.</exception>
    public Fact(FactKind kind, Thing? thing = null, string detail = "")
    {
        if (FactWords.HasThing(kind) != thing is not null)
            throw new ArgumentException($"A fact of kind {kind} is about {(thing is null ? "a thing" : "none")}.", nameof(thing));
        if (!FactWords.IsQuoted(kind) && !Plain().IsMatch(detail))
            throw new ArgumentException($"\"{detail}\" does not go with {kind}.", nameof(detail));
        (Kind, Thing, Detail) = (kind, thing, detail);
    }

    public FactKind Kind { get; }

    public Thing? Thing { get; }

    public string Detail { get; }

    /// <summary>The same about a thing of another name.</summary>
    public Fact About(Thing thing) => new(Kind, thing, Detail);

    [GeneratedRegex(@"\A(?:[^\s@""\p{C}]+(?: [^\s@""\p{C}]+)*)?\z")]
    private static partial Regex Plain();
}

/// <summary>A thing that was tracked, or several of a kind that are told together.</summary>
/// <param name="Label">Its class in lower case words, such as <c>traffic light</c>.</param>
/// <param name="Number">Which one of its stream, counted from 1; 0 where several are told together.</param>
/// <param name="Times">How many; 1 for one with a number.</param>
public readonly partial record struct Thing
{
    private Thing(string label, int number, int times)
    {
        if (!IsLabel(label))
            throw new ArgumentException($"\"{label}\" is no label.", nameof(label));
        (Label, Number, Times) = (label, number, times);
    }

    public string Label { get; }

    public int Number { get; }

    public int Times { get; }

    public static Thing One(string label, int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(number);
        return new Thing(label, number, 1);
    }

    public static Thing Several(string label, int times)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(times);
        return new Thing(label, 0, times);
    }

    /// <summary>Whether a class may be called so: letters, digits, dashes and single spaces, beginning with a letter.</summary>
    public static bool IsLabel(string text) => Words().IsMatch(text);

    public override string ToString() => Number > 0 ? $"{Label} #{Number}" : $"{Label} x{Times}";

    [GeneratedRegex(@"\A\p{L}[\p{L}\p{Nd}-]{0,30}(?: [\p{L}\p{Nd}-]{1,31}){0,3}\z")]
    private static partial Regex Words();
}
