using System.Diagnostics;
using System.Diagnostics.Metrics;
using Streaming.Server.Http.Metrics;

namespace Streaming.Server.Tests.Http;

public sealed class MetricsTests
{
    [Fact]
    public void Scrape_counter_adds_up_for_each_set_of_labels()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        Counter<long> dropped = meter.CreateCounter<long>("test.frames.dropped", "{frame}", "Frames thrown away.");
        dropped.Add(2, new("stream", "door"), new("reason", "late"));
        dropped.Add(3, new("stream", "door"), new("reason", "late"));
        dropped.Add(1, new("stream", "gate"), new("reason", "late"));
        Assert.Contains(
            """
            # HELP test_frames_dropped_total Frames thrown away.
            # TYPE test_frames_dropped_total counter
            test_frames_dropped_total{stream="door",reason="late"} 5
            test_frames_dropped_total{stream="gate",reason="late"} 1

            """, metrics.Scrape());
    }

    [Fact]
    public void Scrape_histogram_is_cumulative_with_its_own_bounds_sum_and_count()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        var advice = new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] };
        Histogram<double> seconds = meter.CreateHistogram("test.answer", "s", "How long answers take.", null, advice);
        foreach (double value in (double[])[0.05, 0.1, 0.5, 7])
            seconds.Record(value);
        Assert.Contains(
            """
            # TYPE test_answer_seconds histogram
            test_answer_seconds_bucket{le="0.1"} 2
            test_answer_seconds_bucket{le="1"} 3
            test_answer_seconds_bucket{le="+Inf"} 4
            test_answer_seconds_sum 7.65
            test_answer_seconds_count 4

            """, metrics.Scrape());
    }

    [Fact]
    public void Scrape_instrument_that_fails_leaves_out_itself_alone()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        Func<double> broken = () => throw new InvalidOperationException();
        meter.CreateObservableGauge("test_broken", broken);
        meter.CreateObservableGauge("test_whole", () => 1);
        string text = metrics.Scrape();
        Assert.Contains("test_whole 1\n", text);
        Assert.DoesNotContain("test_broken", text);
    }

    [Fact]
    public void Scrape_observed_series_that_are_no_longer_told_are_gone()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        string[] streams = ["door", "gate"];
        meter.CreateObservableGauge("test_frame_age_seconds", () => streams.Select(s => new Measurement<double>(0.5, new KeyValuePair<string, object?>("stream", s))), "s");
        Assert.Contains("test_frame_age_seconds{stream=\"gate\"} 0.5\n", metrics.Scrape());
        streams = ["door"];
        string later = metrics.Scrape();
        Assert.Contains("test_frame_age_seconds{stream=\"door\"} 0.5\n", later);
        Assert.DoesNotContain("test_frame_age_seconds{stream=\"gate\"}", later);
    }

    [Fact]
    public void Scrape_up_down_counter_and_gauge_are_gauges()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        UpDownCounter<int> depth = meter.CreateUpDownCounter<int>("test.queue.depth");
        depth.Add(3);
        depth.Add(-1);
        meter.CreateGauge<double>("test.memory", "By").Record(double.PositiveInfinity);
        string text = metrics.Scrape();
        Assert.Contains("# TYPE test_queue_depth gauge\ntest_queue_depth 2\n", text);
        Assert.Contains("test_memory_bytes +Inf\n", text);
    }

    [Fact]
    public void Scrape_label_and_help_with_any_character_are_escaped()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        meter.CreateCounter<long>("test.escape", null, "One\\two\nthree").Add(1, new KeyValuePair<string, object?>("stream.name", "a\"b\\c\nd\ud800"));
        string text = metrics.Scrape();
        Assert.Contains(@"# HELP test_escape_total One\\two\nthree" + "\n", text);
        Assert.Contains("""test_escape_total{stream_name="a\"b\\c\nd?"} 1""" + "\n", text);
    }

    [Fact]
    public void Scrape_meter_of_others_is_not_told()
    {
        using var meter = new Meter("Else");
        using var metrics = new MetricsCollector();
        meter.CreateCounter<long>("test.other").Add(1);
        Assert.DoesNotContain("test_other", metrics.Scrape());
    }

    [Fact]
    public void Scrape_endless_labels_keep_a_bounded_number_of_series()
    {
        using var meter = new Meter("Streaming");
        using var metrics = new MetricsCollector();
        Counter<long> counter = meter.CreateCounter<long>("test.endless");
        for (int label = 0; label < 5_000; label++)
            counter.Add(1, new KeyValuePair<string, object?>("stream", label));
        Assert.Equal(2_000, metrics.Scrape().Split('\n').Count(line => line.StartsWith("test_endless_total{", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task MetricsRoute_after_some_requests_passes_promtool()
    {
        await using var server = await RunningServer.StartAsync(new FakeDirectory());
        await server.DeclareAsync("door");
        await server.Client.GetAsync("/v1/streams/nothing");
        string text = await server.Client.GetStringAsync("/metrics");
        Assert.Contains("""http_server_request_duration_seconds_count{""", text);
        Assert.Contains("http_route=\"/v1/streams/{name}\"", text);
        Assert.Contains("dotnet_gc_collections_total", text);
        var (code, said) = await PromtoolAsync(text);
        Assert.True(code == 0 && said.Length == 0, $"promtool: {said}");
    }

    internal static async Task<(int Code, string Said)> PromtoolAsync(string metrics)
    {
        using Process promtool = Start();
        Task<string> error = promtool.StandardError.ReadToEndAsync(), output = promtool.StandardOutput.ReadToEndAsync();
        await promtool.StandardInput.WriteAsync(metrics);
        promtool.StandardInput.Close();
        await promtool.WaitForExitAsync();
        return (promtool.ExitCode, await output + await error);
    }

    private static Process Start()
    {
        try
        {
            return Process.Start(new ProcessStartInfo("promtool", ["check", "metrics"])
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            throw new InvalidOperationException("promtool is not installed: ./test installs it (Debian package prometheus).");
        }
    }
}
