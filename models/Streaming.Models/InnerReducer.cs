namespace Streaming.Models;

/// <summary>What becomes of a visual token that goes no further.</summary>
public enum DroppedToken
{
    /// <summary>It is left out.</summary>
    Forgotten,

    /// <summary>It joins the most similar token that goes on, which becomes the mean of all that joined it.</summary>
    Averaged,

    /// <summary>As HoliTom's published code does it: one after another, in order of place, each halves the token it joins with itself, so
    /// that the last one weighs a half.</summary>
    Halved,
}

/// <summary>A place between two layers at which visual tokens are made fewer.</summary>
/// <param name="LayerOf">The first layer after it, of a model with so many layers.</param>
/// <param name="Keep">The share of the prompt's visual tokens that go on.</param>
public sealed record InnerCut(Func<int, int> LayerOf, double Keep);

/// <summary>A published way to make visual tokens fewer inside a language model while it reads the prompt: ranked by the attention that the
/// prompt's last token pays them in the layer before, averaged over heads.</summary>
public sealed record InnerReducer(string Name, IReadOnlyList<InnerCut> Cuts, DroppedToken Dropped)
{
    /// <summary>The name of doing nothing.</summary>
    public const string None = "none";

    private static readonly InnerReducer[] Shelf =
    [
        // HoliTom (arXiv 2505.21334) reduces before layer 18 of 28 to a half.
        new("holitom", [new(layers => layers * 2 / 3, 0.5)], DroppedToken.Averaged),
        new("holitom-published", [new(layers => layers * 2 / 3, 0.5)], DroppedToken.Halved),
        // FastV (arXiv 2403.06764): layer 2, a half.
        new("fastv", [new(_ => 2, 0.5)], DroppedToken.Forgotten),
        // PyramidDrop (arXiv 2410.17247): before layers 8, 16 and 24 of 32, each time a half of the rest.
        new("pyramiddrop", [new(layers => layers / 4, 0.5), new(layers => layers / 2, 0.25), new(layers => layers * 3 / 4, 0.125)], DroppedToken.Forgotten),
    ];

    public static IReadOnlyList<string> Names { get; } = [None, .. Shelf.Select(reducer => reducer.Name)];

    /// <returns>Null for <see cref="None"/>.</returns>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Names"/>.</exception>
    public static InnerReducer? Named(string name) => name == None
        ? null
        : Array.Find(Shelf, reducer => reducer.Name == name)
            ?? throw new ArgumentException($"No inner reducer is named {name}; there are {string.Join(", ", Names)}.", nameof(name));
}
