using System.Collections.Frozen;

namespace Streaming.World.Notes;

/// <summary>How questions call the classes of the detector.</summary>
public static class NoteWords
{
    private static readonly FrozenDictionary<string, string> Irregular = new (string One, string Several)[]
    {
        ("person", "people"), ("bus", "buses"), ("bench", "benches"), ("sheep", "sheep"), ("skis", "skis"), ("wine glass", "wine glasses"), ("knife", "knives"),
        ("sandwich", "sandwiches"), ("couch", "couches"), ("mouse", "mice"), ("scissors", "scissors"), ("toothbrush", "toothbrushes"), ("broccoli", "broccoli"),
    }.ToFrozenDictionary(word => word.One, word => word.Several);

    public static string Plural(string label) => Irregular.GetValueOrDefault(label, label + "s");

    /// <summary>"a car", "an apple".</summary>
    public static string One(string name) => (name[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + name;
}
