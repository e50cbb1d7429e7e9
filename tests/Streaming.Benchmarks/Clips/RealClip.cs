namespace Streaming.Benchmarks.Clips;

/// <summary>A thing that was in a clip for a while. Seconds; edges and colours as notes call them.</summary>
/// <param name="From">When the first of it could be seen; null: from the beginning.</param>
/// <param name="To">When nothing of it could be seen any more; null: it was there at the end.</param>
/// <param name="Colour">Every name that fits, apart by a bar; null where people would not agree.</param>
public sealed record Stay(string Class, double? From, double? To, string? FromEdge = null, string? ToEdge = null, string? Colour = null);

/// <summary>Footage of a real camera and what is to be seen in it, written down by eye from its frames, four a second.</summary>
/// <param name="Name">The file in the folder footage, whose README.md names the source.</param>
/// <param name="IsCounted">Each stay is another thing, so that it can be asked how many there were in all and which came first.</param>
public sealed record RealClip(string Name, double Seconds, bool IsCounted, IReadOnlyList<Stay> Stays)
{
    public static string Folder { get; } = Path.Combine(BenchRun.RepositoryRoot(), "tests", "Streaming.Benchmarks", "Clips", "footage");

    public static IReadOnlyList<RealClip> All { get; } =
    [
        new("cars", 30.1, true,
        [
            new("car", 4.4, 8.3, "bottom", "top", "white"), new("car", 14.5, 18.1, "top", "bottom", "grey|white"),
            new("car", 14.9, 18.6, "bottom", "top", "red"), new("car", 25.2, 27.7, "top", "bottom", "white"),
        ]),
        new("one-by-one", 139.4, true,
        [
            new("person", 6.0, 19.7, "bottom", "right", "grey"), new("person", 22.7, 45.0, "bottom", "right", "black"), new("person", 50.2, 69.7, "bottom", "right", "black"),
            new("person", 74.4, 87.0, "bottom", "right", "black"), new("person", 91.9, 119.8, "bottom", "right", "grey"), new("person", 123.4, 135.9, "bottom", "right", "grey"),
        ]),
        // The same three bottles are taken away and put back.
        new("bottles", 39.8, false,
        [
            new("bottle", null, 6.8), new("bottle", null, 17.6), new("bottle", null, 31.8), new("bottle", 11.2, 17.6), new("bottle", 22.0, null),
            new("bottle", 27.3, null), new("bottle", 34.6, null),
        ]),
        new("aisle", 4.4, true, [new("person", null, null), new("person", null, null), new("person", 1.0, null, "right|bottom")]),
        new("worker", 4.7, true, [new("person", null, null, Colour: "orange")]),
        new("parking", 3.4, true, [new("car", null, null, Colour: "grey|blue"), new("person", null, 1.4, ToEdge: "top"), new("person", null, null), new("bicycle", null, null)]),
        new("belt", 6.7, true,
        [
            new("apple", null, 2.2, ToEdge: "left", Colour: "green"), new("broccoli", 0.9, 3.4, "right", "left"), new("orange", 4.9, null, "right", Colour: "orange"),
        ]),
        new("classroom", 2.9, true, [new("person", null, null), new("person", null, null), new("person", null, null), new("person", null, null)]),
        new("hall", 1.9, true, [new("person", null, 0.8, ToEdge: "left")]),
    ];
}
