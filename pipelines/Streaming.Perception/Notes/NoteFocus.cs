using System.Text.RegularExpressions;
using Streaming.Models;

namespace Streaming.Perception;

/// <summary>
/// What of a sheet of notes a question needs, by its words: the classes it names, and the topics it asks about. A model that reads ten lines
/// finds the one that it needs more surely than one that reads forty, and sooner. Immutable.
/// </summary>
/// <remarks>
/// Of a class that is named, its account, its arrivals, and what it did of the topics; all that it did where there is no topic: nothing of one
/// that the detector knows and never saw; the account alone where only a number is asked for. Where no class is named, what anything did of the topics. A question of which no word is known, or that asks for the whole story, has all
/// lines. What people or a model said, and who is there now, is always told.
/// </remarks>
/// <param name="question">As it was asked.</param>
/// <param name="words">Those of its words that say what it is about.</param>
public sealed partial class NoteFocus(string question, string words)
{
    [Flags]
    private enum Topics
    {
        None = 0,
        Coming = 1,
        Going = 2,
        Staying = 4,
        Stopping = 8,
        Crossing = 16,
        Print = 32,
        Clock = 64,
        Emptiness = 128,
        Numbers = 256,
        Presence = 512,
        Order = 1024,
        Story = 2048,
        Amount = 4096,
        Looks = 8192,
    }

    /// <summary>What is named though it was never seen. A clock is mostly one that can be read.</summary>
    private static readonly string[] Detected = [.. CocoLabels.All.Where(label => label != "clock")];

    private static readonly Regex OrangeOne = new($@"\borange (?=thing|{string.Join('|', CocoLabels.All.Select(Regex.Escape))})", Loose);

    private static readonly (Topics Topic, Regex Words)[] Lexicon =
    [
        (Topics.Coming, Coming()), (Topics.Going, Going()), (Topics.Staying, Staying()), (Topics.Stopping, Stopping()), (Topics.Crossing, Crossing()), (Topics.Print, Print()),
        (Topics.Clock, Clock()), (Topics.Emptiness, Emptiness()), (Topics.Numbers, Numbers()), (Topics.Presence, Presence()), (Topics.Order, Order()), (Topics.Story, Story()),
        (Topics.Amount, Amount()), (Topics.Looks, Looks()),
    ];

    /// <summary>How well lines go with the question's words.</summary>
    internal double[] Score(IReadOnlyList<SheetLine> lines) => NoteSearch.Score([.. lines.Select(line => line.Text)], words);

    /// <summary>The lines of a sheet that the question needs, in their order.</summary>
    public NoteSheet Of(NoteSheet sheet)
    {
        // "Which thing", "who" and "nobody" ask about anything, and an orange car is no orange.
        string meant = Anything().Replace(OrangeOne.Replace(question, " "), " ");
        string[] named = [.. sheet.Lines.Select(line => line.Label).OfType<string>().Union(Detected).Where(label => ClassNames.IsNamed(label, meant))];
        Topics topics = TopicsOf(ClassNames.Without(named.Where(label => label != "orange"), question), sheet);
        if (topics.HasFlag(Topics.Story) || (topics == Topics.None && named.Length == 0))
            return sheet;
        return new NoteSheet([.. sheet.Lines.Where(line => Tells(line, topics, named))]);
    }

    private static Topics TopicsOf(string text, NoteSheet sheet)
    {
        Topics topics = Lexicon.Where(entry => entry.Words.IsMatch(text)).Aggregate(Topics.None, (all, entry) => all | entry.Topic);
        bool namesZone = sheet.Lines.Any(line => IsCrossing(line.Kind) && ZoneOf(line.Text) is { } zone && Regex.IsMatch(text, $@"(?<!\w){Regex.Escape(zone)}(?!\w)", RegexOptions.IgnoreCase));
        return namesZone ? topics | Topics.Crossing : topics;
    }

    private static bool Tells(SheetLine line, Topics topics, string[] named) => line.Kind switch
    {
        null => line.IsNow || topics.HasFlag(Topics.Emptiness),
        FactKind.Say => true,
        FactKind.Text => topics.HasFlag(Topics.Print),
        FactKind.Clock => topics.HasFlag(Topics.Clock),
        FactKind.Cut => false,
        FactKind.Total => named.Length > 0 ? named.Contains(line.Label) : (topics & (Topics.Numbers | Topics.Amount | Topics.Presence)) != 0,
        FactKind.Present or FactKind.Enter when IsCounted(topics) => false,
        FactKind.Present or FactKind.Enter when topics.HasFlag(Topics.Order) => true,
        { } kind => (named.Length == 0 || named.Contains(line.Label)) && IsAsked(kind, topics, named.Length > 0),
    };

    /// <summary>The accounts of the classes answer it: no single thing is asked about.</summary>
    private static bool IsCounted(Topics topics) => topics.HasFlag(Topics.Amount) && (topics & (Topics.Staying | Topics.Order | Topics.Looks)) == 0;

    private static bool IsAsked(FactKind kind, Topics topics, bool isNamed) => topics == Topics.None || kind switch
    {
        FactKind.Present or FactKind.Enter => isNamed || (topics & (Topics.Coming | Topics.Staying | Topics.Looks)) != 0,
        FactKind.Leave => (topics & (Topics.Going | Topics.Staying)) != 0,
        FactKind.Stop or FactKind.Go => topics.HasFlag(Topics.Stopping),
        _ => IsCrossing(kind) && topics.HasFlag(Topics.Crossing),
    };

    private static bool IsCrossing(FactKind? kind) => kind is FactKind.Cross or FactKind.EnterZone or FactKind.LeaveZone;

    /// <summary>The line or area that a thing crossed or entered, without the direction.</summary>
    private static string? ZoneOf(string text) => Zone().Match(text) is { Success: true } match ? match.Groups["name"].Value : null;

    [GeneratedRegex(@" (?:crosses|enters zone|leaves zone) (?<name>.+?)(?: forwards| backwards)?$")]
    private static partial Regex Zone();

    private const RegexOptions Loose = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(?:who|things?|anything|something|nothing|anybody|anyone|somebody|someone|nobody)\b", Loose)]
    private static partial Regex Anything();

    [GeneratedRegex(@"\b(?:com(?:e|es|ing)|came|enter\w*|arriv\w*|appear\w*|show(?:s|ed|n)? up|pass(?:es|ed)?|since when|colou?rs?)\b", Loose)]
    private static partial Regex Coming();

    [GeneratedRegex(@"\b(?:leav\w*|left|gone|went|go|goes|out|exit\w*|depart\w*|away|until when)\b", Loose)]
    private static partial Regex Going();

    [GeneratedRegex(@"\b(?:how long|stay\w*|long(?:er|est)?|duration|seconds|minutes)\b", Loose)]
    private static partial Regex Staying();

    [GeneratedRegex(@"\b(?:stop\w*|stands?|standing|stood|halt\w*|park(?:s|ed|ing)|wait\w*)\b", Loose)]
    private static partial Regex Stopping();

    [GeneratedRegex(@"\b(?:cross\w*|through|into|zones?|areas?|lines?)\b", Loose)]
    private static partial Regex Crossing();

    // "Say when …" and "Tell me …" ask for anything.
    [GeneratedRegex(@"\b(?:read\w*|writ\w*|wrote|texts?|signs?|words?|letters?|plates?|print\w*)\b|(?<!^)\bsays?\b", Loose)]
    private static partial Regex Print();

    [GeneratedRegex(@"\bclocks?\b|\btime is (?:it|on|written|shown)\b", Loose)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\b(?:empty|nothing|nobody|no one|none)\b", Loose)]
    private static partial Regex Emptiness();

    [GeneratedRegex(@"\b(?:longest|seen|saw|often|frequent\w*|busi\w*|times|ever)\b", Loose)]
    private static partial Regex Numbers();

    [GeneratedRegex(@"\b(?:how many|how often|count\w*|number|most|in all|at once|total)\b", Loose)]
    private static partial Regex Amount();

    [GeneratedRegex(@"\b(?:red|blue|green|yellow|orange|purple|pink|brown|black|white|gr[ae]y|cyan)\b", Loose)]
    private static partial Regex Looks();

    [GeneratedRegex(@"\b(?:now|still|at the end|currently|at the moment|(?:is|are) there|(?:do|can) you see|in view)\b", Loose)]
    private static partial Regex Presence();

    [GeneratedRegex(@"\b(?:before|after|between|next|previous\w*|or|and|order|follow\w*)\b", Loose)]
    private static partial Regex Order();

    [GeneratedRegex(@"\b(?:happen\w*|summar\w*|describe|going on|you saw|story|activit\w+|events?|report)\b", Loose)]
    private static partial Regex Story();
}
