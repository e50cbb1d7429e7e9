using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Streaming.Server.Http.Metrics;

internal enum MetricKind { Counter, Gauge, Histogram }

/// <summary>One metric with all its series. Safe to record into from any thread.</summary>
internal sealed class MetricFamily
{
    /// <summary>Series beyond this are not kept: a label with a value of its own for every request would fill the memory.</summary>
    private const int MostSeries = 2_000;

    /// <summary>Bounds for seconds, as Prometheus' own clients have them, up to the longest answer's deadline.</summary>
    private static readonly double[] UsualBounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Lock _gate = new();
    private readonly SortedDictionary<string, Series> _series = new(StringComparer.Ordinal);
    private readonly bool _accumulates;

    public MetricFamily(Instrument instrument)
    {
        Type type = instrument.GetType().GetGenericTypeDefinition();
        Kind = type == typeof(Histogram<>) ? MetricKind.Histogram
            : type == typeof(Counter<>) || type == typeof(ObservableCounter<>) ? MetricKind.Counter
            : MetricKind.Gauge;
        _accumulates = type == typeof(Counter<>) || type == typeof(UpDownCounter<>);
        IsObserved = instrument.IsObservable;
        Name = MetricName.Of(instrument, Kind);
        Help = instrument.Description is { Length: > 0 } words ? words : instrument.Name;
        Bounds = (instrument as Histogram<double>)?.Advice?.HistogramBucketBoundaries?.ToArray() ?? UsualBounds;
    }

    public string Name { get; }

    public string Help { get; }

    public MetricKind Kind { get; }

    /// <summary>Whether it tells its values when it is asked, instead of when they change.</summary>
    public bool IsObserved { get; }

    /// <summary>Upper bounds of a histogram's buckets, rising, without infinity.</summary>
    public IReadOnlyList<double> Bounds { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string labels = Labels(tags);
        lock (_gate)
        {
            if (!_series.TryGetValue(labels, out Series? series))
            {
                if (_series.Count >= MostSeries)
                    return;
                _series.Add(labels, series = new Series(Bounds.Count));
            }
            if (Kind == MetricKind.Histogram)
                series.Observe(value, Bounds);
            else
                series.Value = _accumulates ? series.Value + value : value;
        }
    }

    /// <summary>Before an observed instrument is asked: what it no longer tells of is gone.</summary>
    public void Clear()
    {
        lock (_gate)
            _series.Clear();
    }

    /// <summary>Calls <paramref name="see"/> with each series and its labels as they are written, in their order.</summary>
    public void Read(Action<string, Series> see)
    {
        lock (_gate)
        {
            foreach (var (labels, series) in _series)
                see(labels, series);
        }
    }

    private static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty)
            return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            text.Append(text.Length == 0 ? "" : ",").Append(MetricName.Label(key)).Append("=\"");
            Escape(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }
        return text.ToString();
    }

    private static void Escape(StringBuilder text, string value)
    {
        foreach (char c in value)
        {
            _ = c switch
            {
                '\\' => text.Append(@"\\"),
                '"' => text.Append("\\\""),
                '\n' => text.Append(@"\n"),
                _ => text.Append(char.IsSurrogate(c) ? '?' : c),
            };
        }
    }

    /// <summary>The numbers of one set of labels.</summary>
    internal sealed class Series(int buckets)
    {
        private readonly long[] _counts = new long[buckets + 1];

        public double Value { get; set; }

        public double Sum { get; private set; }

        public long Count { get; private set; }

        /// <summary>Observations at or below each bound, and last all of them.</summary>
        public IEnumerable<long> Cumulative()
        {
            long sum = 0;
            foreach (long count in _counts)
                yield return sum += count;
        }

        public void Observe(double value, IReadOnlyList<double> bounds)
        {
            int bucket = 0;
            while (bucket < bounds.Count && value > bounds[bucket])
                bucket++;
            _counts[bucket]++;
            Sum += value;
            Count++;
        }
    }
}
