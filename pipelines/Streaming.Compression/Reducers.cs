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
    public static IReadOnlyList<string> Names { get; } = ["dtd", "none"];

    /// <summary>A new reducer for one stream.</summary>
    /// <exception cref="ArgumentException">The name is not one of <see cref="Names"/>.</exception>
    public static IVisualTokenReducer Create(ReducerOptions options) => options.Name switch
    {
        "dtd" => new DtdReducer(options.Dtd),
        "none" => new NoneReducer(),
        var name => throw new ArgumentException($"No reducer is named {name}.", nameof(options)),
    };
}
