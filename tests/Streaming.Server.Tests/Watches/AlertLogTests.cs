using Streaming.Contracts;
using Streaming.Pipelines.Tests;
using Streaming.Server.Alerts;

namespace Streaming.Server.Tests.Watches;

public sealed class AlertLogTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-events-").FullName;
    private readonly ManualClock _clock = new();
    private readonly List<string> _warnings = [];

    [Fact]
    public void Append_event_is_there_after_a_restart_with_what_became_of_it()
    {
        using (AlertLog log = Open())
        {
            log.Append(Alert("door"), [1, 2, 3], hasWebhook: true);
            log.Append(Alert("yard"), null, hasWebhook: false);
            log.Change(1, stored => stored with { Acknowledged = new AcknowledgedDocument(_clock.GetUtcNow(), "ann", "seen") });
        }
        // A picture that a kill left half written.
        string draft = Path.Combine(_folder, $"0000000003.jpg.{Guid.NewGuid():N}");
        File.WriteAllBytes(draft, [1]);
        using AlertLog again = Open();
        Assert.False(File.Exists(draft));
        StoredAlert first = again.Find(1)!;
        Assert.Equal(("door", DeliveryState.Pending, "ann"), (first.Alert.Stream, first.Delivery.State, first.Acknowledged!.By));
        Assert.Equal([1, 2, 3], File.ReadAllBytes(again.PictureOf(first.Alert)));
        Assert.Equal(3, again.Append(Alert("door"), null, false).Alert.Number);
        Assert.Equal(["2"], again.Query(new AlertQuery(Stream: "yard")).Select(alert => alert.Alert.Id));
        Assert.Equal(["1"], again.Query(new AlertQuery(Acknowledged: true)).Select(alert => alert.Alert.Id));
        Assert.Equal(["2", "3"], again.Query(new AlertQuery(After: 1)).Select(alert => alert.Alert.Id));
        Assert.Equal(["3"], again.Query(new AlertQuery(Most: 1)).Select(alert => alert.Alert.Id));
    }

    [Fact]
    public void Open_torn_and_damaged_lines_are_dropped_and_the_rest_stays()
    {
        using (AlertLog log = Open())
            for (int i = 0; i < 3; i++)
                log.Append(Alert("door"), null, false);
        string path = Path.Combine(_folder, "events.log");
        string[] lines = File.ReadAllLines(path);
        File.WriteAllText(path, $"{lines[0]}\n{lines[1][..40]}\n{lines[2]}\n{lines[2][..^9]}");
        using (AlertLog log = Open())
        {
            Assert.Equal(["1", "3"], log.Query(new AlertQuery()).Select(alert => alert.Alert.Id));
            Assert.Equal(4, log.Append(Alert("door"), null, false).Alert.Number);
        }
        Assert.Single(_warnings);
        using AlertLog again = Open();
        Assert.Equal(["1", "3", "4"], again.Query(new AlertQuery()).Select(alert => alert.Alert.Id));
    }

    [Fact]
    public void Append_beyond_age_or_bytes_forgets_the_oldest_and_no_number_returns()
    {
        using (AlertLog log = Open(bytes: 5_000))
        {
            for (int i = 0; i < 20; i++)
                log.Append(Alert("door"), new byte[1_000], false);
            IReadOnlyList<StoredAlert> left = log.Query(new AlertQuery());
            Assert.InRange(left.Count, 2, 4);
            Assert.Equal("20", left[^1].Alert.Id);
            Assert.Equal(left.Count, System.IO.Directory.GetFiles(_folder, "*.jpg").Length);
            _clock.Advance(TimeSpan.FromDays(31));
            log.Append(Alert("yard"), null, false);
            Assert.Equal(["21"], log.Query(new AlertQuery()).Select(alert => alert.Alert.Id));
        }
        _clock.Advance(TimeSpan.FromDays(31));
        using AlertLog again = Open();
        Assert.Empty(again.Query(new AlertQuery()));
        Assert.Equal(22, again.Append(Alert("door"), null, false).Alert.Number);
    }

    [Fact]
    public void Change_again_and_again_does_not_grow_the_file_without_end()
    {
        using AlertLog log = Open();
        log.Append(Alert("door"), null, false);
        string note = new('n', 1_000);
        for (int i = 0; i < 3_000; i++)
            log.Change(1, stored => stored with { Acknowledged = new AcknowledgedDocument(_clock.GetUtcNow(), $"{i}", note) });
        Assert.InRange(new FileInfo(Path.Combine(_folder, "events.log")).Length, 1_000, 2 << 20);
        Assert.Equal("2999", log.Find(1)!.Acknowledged!.By);
    }

    [Fact]
    public void Forget_stream_its_events_and_pictures_are_gone_for_good()
    {
        using (AlertLog log = Open())
        {
            log.Append(Alert("door"), [1], false);
            log.Append(Alert("yard"), [2], false);
            log.Forget(stream => stream == "door");
        }
        Assert.DoesNotContain("door", File.ReadAllText(Path.Combine(_folder, "events.log")));
        using AlertLog again = Open();
        Assert.Equal(["2"], again.Query(new AlertQuery()).Select(alert => alert.Alert.Id));
        Assert.Single(System.IO.Directory.GetFiles(_folder, "*.jpg"));
        Assert.Equal(3, again.Append(Alert("door"), null, false).Alert.Number);
    }

    [Fact]
    public void Sweep_what_is_too_old_is_taken_off_the_disk_although_nothing_came()
    {
        using AlertLog log = Open();
        log.Append(Alert("door"), [1], false);
        _clock.Advance(TimeSpan.FromDays(29));
        log.Append(Alert("yard"), null, false);
        log.Sweep();
        Assert.Equal(2, log.Query(new AlertQuery()).Count);
        _clock.Advance(TimeSpan.FromDays(2));
        log.Sweep();
        Assert.Equal(["2"], log.Query(new AlertQuery()).Select(alert => alert.Alert.Id));
        Assert.DoesNotContain("door", File.ReadAllText(Path.Combine(_folder, "events.log")));
        Assert.Empty(System.IO.Directory.GetFiles(_folder, "*.jpg"));
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    internal static Alert Alert(string stream, string watch = "w") => new(
        0, stream, watch, WatchSeverity.Warning, "Is there a car?", "yes", "scenes", ManualClock.Start, ManualClock.Start.AddSeconds(2), 0, 2, [3, 4], false, default);

    private AlertLog Open(long bytes = 1 << 20) => new(_folder, new AlertRetention(TimeSpan.FromDays(30), bytes), _clock, _warnings.Add);
}
