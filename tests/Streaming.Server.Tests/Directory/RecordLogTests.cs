using Streaming.Compression;
using Streaming.Models;
using Streaming.Server.Archive;
using Streaming.Video;

namespace Streaming.Server.Tests;

public sealed class RecordLogTests
{
    private const int Hidden = 6;

    private readonly byte[] _log = Log(5, out _);

    [Fact]
    public void Read_log_cut_anywhere_gives_its_whole_records_and_is_torn_unless_cut_between_two()
    {
        Log(5, out List<int> ends);
        for (int length = 0; length <= _log.Length; length++)
        {
            var (end, numbers) = Read(_log[..length]);
            int whole = ends.Count(at => at <= length);
            Assert.Equal(Enumerable.Range(0, whole), numbers);
            Assert.Equal(length == 0 || length == RecordLog.Header(Hidden).Length || ends.Contains(length) ? LogEnd.Whole : LogEnd.Torn, end);
        }
    }

    [Fact]
    public void Read_damage_at_any_byte_is_told_from_a_torn_end_and_what_lies_before_it_is_read()
    {
        Log(5, out List<int> ends);
        for (int at = 0; at < _log.Length; at++)
        {
            byte[] damaged = [.. _log];
            damaged[at] ^= 0x10;
            var (end, numbers) = Read(damaged);
            Assert.Equal(at < 12 ? LogEnd.Unknown : at < 16 ? LogEnd.OtherModel : LogEnd.Damaged, end);
            Assert.Equal(Enumerable.Range(0, ends.Count(e => e <= at)), numbers);
        }
    }

    [Fact]
    public void Read_end_that_a_file_system_filled_with_zeros_is_torn() => Assert.Equal(LogEnd.Torn, Read([.. _log, .. new byte[4000]]).End);

    [Fact]
    public void Read_version_to_come_is_unknown_and_nothing_of_it_is_read()
    {
        byte[] later = [.. _log];
        later[8] = RecordLog.Version + 1;
        Assert.Equal(LogEnd.Unknown, Read(later).End);
        Assert.Empty(Read(later).Numbers);
    }

    /// <summary>Two keyframes each, as programs of before wrote them: without clips, and with one.</summary>
    [Theory]
    [InlineData(2, 0, "U1RSTUtFWVMCAAAAAgAAAEIAAAAlyrhUAQAAAAAAAAAAAAAAAAAAAIA+AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAEAAAAAAAEAAACAPwAAAD8APgDAQgAAAAUaXYkBAQAAAICWmAAAAAAAAAAAgD4BAAAAAQAAAAAAAAABAAAAAAAAAAAAAAAAAAAAAQAAAAAAAQAAAIA/AAAAPwA+AMA=")]
    [InlineData(3, 1, "U1RSTUtFWVMDAAAAAgAAAGsAAADjQJOHAgEAAAAAAAAAAAAAAICWmAAAAAAAAQAAAAAAAAABAAAAAAAAAAAAAD8BAAAAAAAAAAAAAAAAAAAAgD4BAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAQAAAAAAAQAAAIA/AAAAPwA+AMBCAAAABRpdiQEBAAAAgJaYAAAAAAAAAACAPgEAAAABAAAAAAAAAAEAAAAAAAAAAAAAAAAAAAABAAAAAAABAAAAgD8AAAA/AD4AwA==")]
    public void Read_log_of_a_version_before_gives_all_that_it_holds(int version, int clips, string log)
    {
        byte[] bytes = Convert.FromBase64String(log);
        Assert.Equal(version, bytes[8]);
        var records = new List<KeyframeRecord>();
        Assert.Equal(LogEnd.Whole, RecordLog.Read(bytes, 2, records.Add));
        Assert.Equal([0, 1], records.Select(record => record.Keyframe.Number));
        Assert.Equal(clips, records.Count(record => record.Clip is not null));
        Assert.All(records, record => Assert.Equal([1.5f, -2f], record.Entry.Tokens.Features.ToArray()));
        Assert.Equal((TimeSpan.FromSeconds(1), 0.25f, 1), (records[1].Keyframe.Time, records[1].Keyframe.Change, records[1].TokensKept));
        bytes[^1] ^= 1;
        Assert.Equal(LogEnd.Damaged, RecordLog.Read(bytes, 2, _ => { }));
    }

    private static (LogEnd End, List<int> Numbers) Read(byte[] log)
    {
        var numbers = new List<int>();
        return (RecordLog.Read(log, Hidden, record => numbers.Add(record.Keyframe.Number)), numbers);
    }

    private static byte[] Log(int records, out List<int> ends)
    {
        using var log = new MemoryStream();
        log.Write(RecordLog.Header(Hidden));
        ends = [];
        for (int number = 0; number < records; number++)
        {
            var time = TimeSpan.FromSeconds(number);
            var tokens = new VisualTokens(Hidden, new float[Hidden], new[] { new TokenOrigin(time, 0, 1) }, new float[] { 1 }, new float[] { 0.5f });
            RecordLog.Append(log, new KeyframeRecord(new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0.25f), tokens), 1, new DecodeProgress(number, number, 0, time)));
            ends.Add((int)log.Length);
        }
        return log.ToArray();
    }
}
