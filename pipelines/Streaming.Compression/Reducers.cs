using Streaming.Compression.Codec;
using Streaming.Compression.HoliTom;
using Streaming.Compression.Shelf;

namespace Streaming.Compression;

/// <summary>Which reducer a stream uses, by name, with the settings of each.</summary>
public sealed record ReducerOptions
{
    /// <summary>One of <see cref="Reducers.Policies"/>.</summary>
    public string Name { get; init; } = "novelty";

    /// <summary>The most tokens of one frame that are kept by a policy that decides frame by frame, whatever it shows: noise must not buy memory.</summary>
    public int FrameBudget { get; init; } = 1024;

    /// <summary>Share of all tokens that the other policies keep, (0, 1].</summary>
    public double RetainRatio { get; init; } = new HoliTomOptions().RetainRatio;

    /// <summary>Whether the policy keeps a share; the others keep what is new, or all.</summary>
    public bool HasBudget => !Reducers.Names.Contains(Name);

    public DtdOptions Dtd { get; init; } = new();

    public NoveltyOptions Novelty { get; init; } = new();

    public CausalHoliTomOptions HoliTom { get; init; } = new();

    /// <summary>The name of the first setting outside its range and what it must be; null if all are valid.</summary>
    public string? Validate()
    {
        if (!Reducers.Policies.Contains(Name))
            return $"{nameof(Name)} must be one of {string.Join(", ", Reducers.Policies)}";
        if (FrameBudget < 1)
            return $"{nameof(FrameBudget)} must be at least 1";
        if (RetainRatio is not (> 0 and <= 1))
            return $"{nameof(RetainRatio)} must lie in (0, 1]";
        if (Dtd.Validate() is { } wrong)
            return $"{nameof(Dtd)}:{wrong}";
        if (Novelty.Validate() is { } unfit)
            return $"{nameof(Novelty)}:{unfit}";
        return HoliTom.Validate() is { } odd ? $"{nameof(HoliTom)}:{odd}" : null;
    }
}

/// <summary>The reducers that configuration can name.</summary>
public static class Reducers
{
    /// <summary>Those that decide frame by frame.</summary>
    public static IReadOnlyList<string> Names { get; } = ["dtd", "novelty", "none"];

    /// <summary>The shelf: published methods that look at all frames they are given before they decide.</summary>
    private static readonly Dictionary<string, Func<IVisualTokenReducer>> Shelf = new Func<IVisualTokenReducer>[]
    {
        () => new HoliTomReducer(new HoliTomOptions()), () => new CausalHoliTomReducer(new CausalHoliTomOptions()), () => new AveragePoolingReducer(),
        () => new TomeReducer(withinFrames: false), () => new TomeReducer(withinFrames: true), () => new DivPruneReducer(bySum: false), () => new DivPruneReducer(bySum: true),
        () => new MmTokReducer(withQuestion: false), () => new DyCokeReducer(), () => new PruneVidReducer(), () => new FastVidReducer(),
        () => new VisionZipReducer(visionDrop: false), () => new VisionZipReducer(visionDrop: true),
        () => new SaliencyReducer(SaliencyRule.Frame), () => new SaliencyReducer(SaliencyRule.Rank), () => new SaliencyReducer(SaliencyRule.Row),
        () => new SaliencyReducer(SaliencyRule.HiRed), () => new SaliencyReducer(SaliencyRule.GlobalCom), () => new CodecBudgetReducer(new CodecBudgetOptions()),
    }.ToDictionary(create => create().Name);

    /// <summary>Those that read the question.</summary>
    private static readonly Dictionary<string, Func<IQuestionReducer>> ForQuestions = new Func<IQuestionReducer>[]
    {
        () => new MmTokReducer(withQuestion: true), () => new TextGuidedRecovery(),
    }.ToDictionary(create => create().Name);

    /// <summary>Names of the shelf, in order.</summary>
    public static IReadOnlyList<string> ShelfNames { get; } = [.. Shelf.Keys.Order(StringComparer.Ordinal)];

    /// <summary>All names: what a stream can be declared with.</summary>
    public static IReadOnlyList<string> Policies { get; } = [.. Names, .. ShelfNames];

    /// <summary>What a question can ask for: all of the shelf but what needs whole frames, which memory does not keep, and what reads the question.</summary>
    public static IReadOnlyList<string> QuestionPolicies { get; } =
        [.. ShelfNames.Where(name => !name.StartsWith("holitom", StringComparison.Ordinal)).Concat(ForQuestions.Keys).Order(StringComparer.Ordinal)];

    /// <summary>A reducer for one question.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="QuestionPolicies"/>.</exception>
    public static IQuestionReducer ForQuestion(string name) => !QuestionPolicies.Contains(name)
        ? throw new ArgumentException($"No reducer for questions is named {name}.", nameof(name))
        : ForQuestions.TryGetValue(name, out Func<IQuestionReducer>? create) ? create() : new WhateverTheQuestion(Shelf[name]());

    /// <summary>A reducer of the shelf.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="ShelfNames"/>.</exception>
    public static IVisualTokenReducer FromShelf(string name) =>
        Shelf.TryGetValue(name, out Func<IVisualTokenReducer>? create) ? create() : throw new ArgumentException($"No reducer is named {name}.", nameof(name));

    /// <summary>A new reducer for tokens that are given all at once, where the budget alone decides how many stay.</summary>
    /// <exception cref="ArgumentException">The name is neither one of <see cref="Names"/> nor of <see cref="ShelfNames"/>.</exception>
    public static IVisualTokenReducer ForClip(string name) => name switch
    {
        "dtd" => new ThresholdSearch(novelty => new DtdReducer(new DtdOptions { Threshold = 1 - novelty }), highest: 2),
        // A clip's budget goes where it is worth most, which need not be its first frame.
        "novelty" => new ThresholdSearch(threshold => new NoveltyReducer(new NoveltyOptions { Threshold = threshold, FirstFrame = 0 }), highest: 32),
        "none" => new NoneReducer(),
        _ => FromShelf(name),
    };

    /// <summary>A reducer that decides frame by frame.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Names"/>.</exception>
    public static IVisualTokenReducer Create(ReducerOptions options) => options.Name switch
    {
        "dtd" => new DtdReducer(options.Dtd),
        "novelty" => new NoveltyReducer(options.Novelty),
        "none" => new NoneReducer(),
        var name => throw new ArgumentException($"No reducer is named {name}.", nameof(options)),
    };

    /// <summary>A new reducer for one stream: what looks at several frames gets them in chunks, <c>holitom-causal</c> besides in windows that go on.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Policies"/>, or a setting lies outside its range.</exception>
    public static IStreamReducer ForStream(ReducerOptions options) => options.Validate() is { } wrong
        ? throw new ArgumentException(wrong, nameof(options))
        : options.Name switch
        {
            "holitom-causal" => new WindowByWindow(options.HoliTom with { HoliTom = options.HoliTom.HoliTom with { RetainRatio = options.RetainRatio } }),
            var name when Names.Contains(name) => new FrameByFrame(Create(options), options.FrameBudget),
            var name => new ChunkByChunk(Shelf[name], options.RetainRatio, options.HoliTom.Chunk),
        };
}
