using System.Text.RegularExpressions;

namespace Streaming.Server.Questions;

/// <summary>What one of several sources answered.</summary>
/// <param name="WasSeen">False: there was nothing to look at in that stretch.</param>
internal readonly record struct Voice(string Source, string Answer, bool WasSeen);

/// <summary>
/// A question to several sources and the one answer made of theirs. Each is asked by itself; nothing is added to what they say.
/// "Which camera saw X?" is asked of each as whether it saw X, and answered with the names of those that did.
/// </summary>
internal sealed partial class Composition
{
    private readonly bool _asksWhich;

    private Composition(string question, bool asksWhich) => (Question, _asksWhich) = (question, asksWhich);

    /// <summary>What each source is asked.</summary>
    internal string Question { get; }

    internal static Composition Of(string question)
    {
        Match which = WhichSource().Match(question);
        if (!which.Success)
            return new Composition(question, asksWhich: false);
        string thing = which.Groups["thing"].Value;
        thing = Article().IsMatch(thing) ? thing : $"a {thing}";
        bool isNow = which.Groups["now"].Success;
        return new Composition(isNow ? $"Is there {thing} now?" : $"Was there {thing} at any time?", asksWhich: true);
    }

    /// <summary>One line for each source, those that say yes first, those that saw nothing last; before them the names, where they were asked for.</summary>
    internal string Answer(IReadOnlyList<Voice> voices)
    {
        IEnumerable<string> lines = voices.OrderBy(Rank).Select(voice => $"{voice.Source}: {voice.Answer}");
        if (!_asksWhich)
            return string.Join('\n', lines);
        string names = string.Join(", ", voices.Where(IsEvidence).Select(voice => voice.Source));
        return string.Join('\n', lines.Prepend(names.Length > 0 ? names : "none"));
    }

    /// <summary>Whether the answer as a whole rests on what this source saw: where some say yes, on theirs.</summary>
    internal bool RestsOn(Voice voice, IReadOnlyList<Voice> voices) => voice.WasSeen && (IsYes(voice) || !voices.Any(IsYes));

    private static bool IsEvidence(Voice voice) => voice.WasSeen && IsYes(voice);

    private static int Rank(Voice voice) => voice switch
    {
        { WasSeen: false } => 3,
        _ when IsYes(voice) => 0,
        _ when No().IsMatch(voice.Answer) => 2,
        _ => 1,
    };

    private static bool IsYes(Voice voice) => Yes().IsMatch(voice.Answer);

    [GeneratedRegex(@"\A(?:on |in |at )?(?:which|what) (?:camera|stream|film|video|file|source)s? (?:did |do |does |have |has )?(?:ever )?(?:(?<now>sees?|shows?|can see|is showing)|saw|seen|showed|shown|had|caught|recorded) (?:ever )?(?<thing>[^?\n]{1,200}?)(?<now>(?: right)? now)?\s*\??\s*\z", RegexOptions.IgnoreCase)]
    private static partial Regex WhichSource();

    [GeneratedRegex(@"\A(?:an?|the|any|some|two|three|\d+|people|things|anything|anybody|somebody) ?", RegexOptions.IgnoreCase)]
    private static partial Regex Article();

    [GeneratedRegex(@"\Ayes\b", RegexOptions.IgnoreCase)]
    private static partial Regex Yes();

    [GeneratedRegex(@"\Ano\b", RegexOptions.IgnoreCase)]
    private static partial Regex No();
}
