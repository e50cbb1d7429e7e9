using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>The words by which people call the classes of a detector.</summary>
public static class ClassNames
{
    private static readonly FrozenDictionary<string, string> Irregular = new (string One, string Several)[]
    {
        ("person", "people"), ("bus", "buses"), ("bench", "benches"), ("sheep", "sheep"), ("skis", "skis"), ("wine glass", "wine glasses"), ("knife", "knives"),
        ("sandwich", "sandwiches"), ("couch", "couches"), ("mouse", "mice"), ("scissors", "scissors"), ("toothbrush", "toothbrushes"), ("broccoli", "broccoli"),
    }.ToFrozenDictionary(word => word.One, word => word.Several);

    private const string Person = "persons|somebody|someone|anybody|anyone|nobody|man|men|woman|women|who";

    // There are as many as classes: 81.
    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    /// <summary>cars, people, sheep.</summary>
    public static string Plural(string label) => Irregular.GetValueOrDefault(label, label + "s");

    /// <summary>a car, an apple.</summary>
    public static string One(string name) => (name[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + name;

    /// <summary>Whether a text names the class as a whole word, one or several; people also as man, woman, somebody and the like.</summary>
    public static bool IsNamed(string label, string text) => Pattern(label).IsMatch(text);

    /// <summary>A text without the names of some classes.</summary>
    public static string Without(IEnumerable<string> labels, string text) => labels.Aggregate(text, (rest, label) => Pattern(label).Replace(rest, " "));

    private static Regex Pattern(string label) => Patterns.GetOrAdd(label, name => new Regex(
        $@"\b(?:{Regex.Escape(name)}|{Regex.Escape(Plural(name))}{(name == "person" ? "|" + Person : "")})\b",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));
}
