using Streaming.Compression.HoliTom;
using Streaming.Compression.Shelf;

namespace Streaming.Compression;

/// <summary>Which reducer a stream uses, by name, with the settings of each.</summary>
public sealed record ReducerOptions
{
    /// <summary>One of <see cref="Reducers.Names"/>.</summary>
    public string Name { get; init; } = "dtd";

    /// <summary>The most tokens of one frame that are kept, whatever it shows: noise must not buy memory.</summary>
    public int FrameBudget { get; init; } = 1024;

    public DtdOptions Dtd { get; init; } = new();

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate()
    {
        if (!Reducers.Names.Contains(Name))
            return $"{nameof(Name)} must be one of {string.Join(", ", Reducers.Names)}";
        if (FrameBudget < 1)
            return $"{nameof(FrameBudget)} must be at least 1";
        return Dtd.Validate() is { } wrong ? $"{nameof(Dtd)}:{wrong}" : null;
    }
}

/// <summary>The reducers that configuration can name.</summary>
public static class Reducers
{
    /// <summary>For live streams: they decide frame by frame.</summary>
    public static IReadOnlyList<string> Names { get; } = ["dtd", "none"];

    /// <summary>The shelf: published methods that look at all frames they are given before they decide.</summary>
    private static readonly Dictionary<string, Func<IVisualTokenReducer>> Shelf = new Func<IVisualTokenReducer>[]
    {
        () => new HoliTomReducer(new HoliTomOptions()), () => new CausalHoliTomReducer(new CausalHoliTomOptions()), () => new AveragePoolingReducer(),
        () => new TomeReducer(withinFrames: false), () => new TomeReducer(withinFrames: true), () => new DivPruneReducer(bySum: false), () => new DivPruneReducer(bySum: true),
        () => new MmTokReducer(), () => new DyCokeReducer(), () => new PruneVidReducer(), () => new FastVidReducer(),
        () => new VisionZipReducer(visionDrop: false), () => new VisionZipReducer(visionDrop: true),
        () => new SaliencyReducer(SaliencyRule.Frame), () => new SaliencyReducer(SaliencyRule.Rank), () => new SaliencyReducer(SaliencyRule.Row),
        () => new SaliencyReducer(SaliencyRule.HiRed), () => new SaliencyReducer(SaliencyRule.GlobalCom),
    }.ToDictionary(create => create().Name);

    /// <summary>Names of the shelf, in order.</summary>
    public static IReadOnlyList<string> ShelfNames { get; } = [.. Shelf.Keys.Order(StringComparer.Ordinal)];

    /// <summary>A reducer of the shelf.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="ShelfNames"/>.</exception>
    public static IVisualTokenReducer FromShelf(string name) =>
        Shelf.TryGetValue(name, out Func<IVisualTokenReducer>? create) ? create() : throw new ArgumentException($"No reducer is named {name}.", nameof(name));

    /// <summary>A new reducer for tokens that are given all at once.</summary>
    /// <exception cref="ArgumentException">The name is neither one of <see cref="Names"/> nor of <see cref="ShelfNames"/>.</exception>
    public static IVisualTokenReducer ForClip(string name) => Names.Contains(name) ? Create(new ReducerOptions { Name = name }) : FromShelf(name);

    /// <summary>A new reducer for one stream.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Names"/>.</exception>
    public static IVisualTokenReducer Create(ReducerOptions options) => options.Name switch
    {
        "dtd" => new DtdReducer(options.Dtd),
        "none" => new NoneReducer(),
        var name => throw new ArgumentException($"No reducer is named {name}.", nameof(options)),
    };
}
