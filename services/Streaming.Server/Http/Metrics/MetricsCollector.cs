using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Streaming.Server.Http.Metrics;

/// <summary>Listens to the meters that matter from its creation to its end, and tells what it heard as Prometheus text.</summary>
public sealed class MetricsCollector : IDisposable
{
    private static readonly HashSet<string> Meters =
        ["Streaming", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel"];

    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly Lock _scrape = new();

    public MetricsCollector()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!Meters.Contains(instrument.Meter.Name))
                return;
            var family = new MetricFamily(instrument);
            MetricFamily known = _families.GetOrAdd(family.Name, family);
            // Two instruments of one name and kind are one metric; of different kinds, the first one counts.
            if (known.Kind == family.Kind)
                listener.EnableMeasurementEvents(instrument, known);
        };
        _listener.SetMeasurementEventCallback<double>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, family) => Record(family, (double)value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, family) => Record(family, value, tags));
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, family) => Record(family, value, tags));
        _listener.Start();
    }

    /// <summary>All metrics in order of name.</summary>
    public string Scrape()
    {
        lock (_scrape)
        {
            foreach (MetricFamily family in _families.Values.Where(f => f.IsObserved))
                family.Clear();
            try
            {
                _listener.RecordObservableInstruments();
            }
            catch (AggregateException)
            {
                // An instrument whose owner is just opening or closing has nothing to tell; all others were asked.
            }
            return PrometheusText.Of(_families.Values.OrderBy(f => f.Name, StringComparer.Ordinal));
        }
    }

    public void Dispose() => _listener.Dispose();

    private static void Record(object? family, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) => ((MetricFamily)family!).Record(value, tags);
}
