using System.Text.RegularExpressions;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>How what memory kept is made fewer for one question.</summary>
/// <param name="Policy">One of <see cref="Reducers.QuestionPolicies"/>; null: memory alone decides.</param>
/// <param name="Retain">Share of the kept tokens to read, (0, 1]; null: as many as a prompt takes.</param>
public sealed record QuestionReduction(string? Policy = null, double? Retain = null)
{
    /// <summary>Why it cannot be, in one line; null if it can.</summary>
    public string? Refuse() => this switch
    {
        { Policy: { } policy } when !Reducers.QuestionPolicies.Contains(policy) => $"policy has to be one of {string.Join(", ", Reducers.QuestionPolicies)}",
        { Policy: null, Retain: not null } => "retain needs a policy: it says how much that keeps",
        { Retain: not (null or (> 0 and <= 1)) } => "retain has to lie above 0 and up to 1",
        _ => null,
    };

    /// <summary>The most tokens to read of so many.</summary>
    public int Budget(int tokens, int most) => Math.Min(most, Retain is { } share ? Math.Max(1, (int)Math.Round(tokens * share)) : most);
}

/// <summary>The words of a question that say what it is about.</summary>
internal static partial class QuestionWords
{
    /// <summary>English function words, as usual lists of stop words have them.</summary>
    private static readonly HashSet<string> Stop = new(
        ("a an and any anything are as at be been being by can could did do does doing done ever for from had has have he her his how i if in into is it its " +
        "many me more most much my now of on one or our out over s see seen she so some something t than that the their them then there these they thing things " +
        "this those through time to up was we were what when where which while who whom whose why will with would you your").Split(' '),
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The text without function words; all of it where nothing else is in it.</summary>
    public static string Of(string question)
    {
        string[] words = [.. Word().Matches(question).Select(match => match.Value).Where(word => !Stop.Contains(word))];
        return words.Length > 0 ? string.Join(' ', words) : question;
    }

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();
}
