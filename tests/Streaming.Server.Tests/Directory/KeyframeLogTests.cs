using Streaming.Compression;
using Streaming.Models;
using Streaming.Server.Archive;
using Streaming.Video;

namespace Streaming.Server.Tests;

public sealed class KeyframeLogTests : IDisposable
{
    private const int Hidden = 6;

    private readonly string _path = Path.GetTempFileName();

    public KeyframeLogTests()
    {
        using var log = KeyframeLog.Create(_path, Hidden);
        for (int number = 0; number < 5; number++)
            log.Append(Record(number));
    }

    [Fact]
    public void Read_gives_back_what_was_appended() =>
        Assert.Equal(Enumerable.Range(0, 5).Select(number => Shown(Record(number))), KeyframeLog.Read(_path).Select(Shown));

    [Fact]
    public void Continue_log_cut_anywhere_keeps_whole_records_and_goes_on_after_them()
    {
        byte[] whole = File.ReadAllBytes(_path);
        for (int length = 0; length < whole.Length; length += 7)
        {
            File.WriteAllBytes(_path, whole[..length]);
            var kept = new List<int>();
            using (var log = KeyframeLog.Continue(_path, Hidden, record => kept.Add(record.Keyframe.Number)))
                log.Append(Record(kept.Count));
            Assert.Equal(Enumerable.Range(0, kept.Count), kept);
            Assert.Equal(Enumerable.Range(0, kept.Count + 1), KeyframeLog.Read(_path).Select(record => record.Keyframe.Number));
        }
    }

    [Fact]
    public void Read_damage_at_any_byte_is_noticed()
    {
        byte[] whole = File.ReadAllBytes(_path);
        for (int at = 0; at < whole.Length; at += 11)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x10;
            File.WriteAllBytes(_path, damaged);
            if (at is >= 12 and < 16)
                continue; // The width: every record's length is wrong then.
            Assert.Throws<InvalidDataException>(() => KeyframeLog.Read(_path).Count());
            Assert.True(KeyframeLog.ReadWhole(_path).Count() < 5);
        }
    }

    [Fact]
    public void Continue_log_of_another_model_begins_anew()
    {
        using (KeyframeLog.Continue(_path, Hidden + 1, _ => Assert.Fail("nothing fits")))
        {
        }
        Assert.Empty(KeyframeLog.Read(_path));
    }

    public void Dispose() => File.Delete(_path);

    private static KeyframeRecord Record(int number)
    {
        var time = TimeSpan.FromSeconds(number * 1.5);
        int count = number % 3;
        float[] features = [.. Enumerable.Range(0, count * Hidden).Select(i => (float)(Half)(i * 0.37f - number))];
        TokenOrigin[] origins = [.. Enumerable.Range(0, count).Select(i => new TokenOrigin(time, (short)i, 7))];
        var tokens = new VisualTokens(Hidden, features, origins, new float[] { 1, 2.5f, 0 }.AsMemory(0, count), new float[] { 0.1f, 0.2f, 0 }.AsMemory(0, count));
        return new KeyframeRecord(
            new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0.25f), tokens), 40 + number, new DecodeProgress(100 * number, 10 * number, 1, time), number != 1);
    }

    private static string Shown(KeyframeRecord record) => string.Join(' ',
        record.Keyframe, record.TokensKept, record.Progress, record.IsRemembered,
        string.Join(',', record.Entry.Tokens.Features.ToArray()), string.Join(',', record.Entry.Tokens.Origins.ToArray()),
        string.Join(',', record.Entry.Tokens.Weights.ToArray()), string.Join(',', record.Entry.Tokens.Saliency.ToArray()));
}
