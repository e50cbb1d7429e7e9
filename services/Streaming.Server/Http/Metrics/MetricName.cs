using System.Diagnostics.Metrics;

namespace Streaming.Server.Http.Metrics;

/// <summary>What Prometheus calls an instrument: snake case, the base unit at the end, and _total on counters.</summary>
internal static class MetricName
{
    /// <summary>Endings that belong to the parts of a histogram; promtool refuses them on anything else.</summary>
    private static readonly string[] Reserved = ["_count", "_sum", "_bucket"];

    public static string Of(Instrument instrument, MetricKind kind)
    {
        string name = Label(instrument.Name);
        if (kind != MetricKind.Histogram && Reserved.FirstOrDefault(end => name.EndsWith(end, StringComparison.Ordinal)) is { } reserved)
            name = name[..^reserved.Length];
        if (UnitOf(instrument.Unit) is { } unit && !name.EndsWith(unit, StringComparison.Ordinal) && !name.EndsWith(unit + "_total", StringComparison.Ordinal))
            name += unit;
        return kind == MetricKind.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>Letters, digits and underscores, not beginning with a digit.</summary>
    public static string Label(string name)
    {
        string clean = string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
        return clean.Length == 0 || char.IsAsciiDigit(clean[0]) ? "_" + clean : clean;
    }

    private static string? UnitOf(string? unit) => unit switch
    {
        "s" => "_seconds",
        "By" => "_bytes",
        "%" => "_percent",
        "Hz" => "_hertz",
        _ => null,
    };
}
