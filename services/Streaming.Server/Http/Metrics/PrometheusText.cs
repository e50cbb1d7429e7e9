using System.Globalization;
using System.Text;

namespace Streaming.Server.Http.Metrics;

/// <summary>Prometheus' text exposition, version 0.0.4.</summary>
internal static class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    public static string Of(IEnumerable<MetricFamily> families)
    {
        var text = new StringBuilder();
        foreach (MetricFamily family in families)
        {
            bool isFirst = true;
            family.Read((labels, series) =>
            {
                if (isFirst)
                    WriteHead(text, family);
                isFirst = false;
                if (family.Kind == MetricKind.Histogram)
                    WriteHistogram(text, family, labels, series);
                else
                    WriteLine(text, family.Name, labels, Number(series.Value));
            });
        }
        return text.ToString();
    }

    private static void WriteHead(StringBuilder text, MetricFamily family) => text
        .Append("# HELP ").Append(family.Name).Append(' ').Append(family.Help.Replace(@"\", @"\\").Replace("\n", @"\n")).Append('\n')
        .Append("# TYPE ").Append(family.Name).Append(' ').Append($"{family.Kind}".ToLowerInvariant()).Append('\n');

    private static void WriteHistogram(StringBuilder text, MetricFamily family, string labels, MetricFamily.Series series)
    {
        string before = labels.Length == 0 ? "" : labels + ",";
        foreach (var (bound, count) in family.Bounds.Append(double.PositiveInfinity).Zip(series.Cumulative()))
            WriteLine(text, family.Name + "_bucket", $"{before}le=\"{Number(bound)}\"", Number(count));
        WriteLine(text, family.Name + "_sum", labels, Number(series.Sum));
        WriteLine(text, family.Name + "_count", labels, Number(series.Count));
    }

    private static void WriteLine(StringBuilder text, string name, string labels, string value)
    {
        text.Append(name);
        if (labels.Length > 0)
            text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(value).Append('\n');
    }

    private static string Number(double value) => value switch
    {
        double.PositiveInfinity => "+Inf",
        double.NegativeInfinity => "-Inf",
        double.NaN => "NaN",
        _ => value.ToString("R", CultureInfo.InvariantCulture),
    };
}
