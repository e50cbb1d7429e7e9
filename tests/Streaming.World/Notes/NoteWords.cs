namespace Streaming.World.Notes;

/// <summary>How questions call the classes of the detector.</summary>
public static class NoteWords
{
    private static readonly Dictionary<string, string> Irregular = new()
    {
        ["person"] = "people", ["bus"] = "buses", ["bench"] = "benches", ["sheep"] = "sheep", ["skis"] = "skis", ["wine glass"] = "wine glasses",
        ["knife"] = "knives", ["sandwich"] = "sandwiches", ["couch"] = "couches", ["mouse"] = "mice", ["scissors"] = "scissors",
        ["toothbrush"] = "toothbrushes", ["broccoli"] = "broccoli",
    };

    public static string Plural(string label) => Irregular.GetValueOrDefault(label, label + "s");

    /// <summary>"a car", "an apple".</summary>
    public static string One(string name) => (name[0] is 'a' or 'e' or 'i' or 'o' or 'u' ? "an " : "a ") + name;
}
