using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Server.Archive;
using Streaming.Server.Streams;
using Streaming.Video;

namespace Streaming.Server.Tests;

public sealed class StreamArchiveTests : IDisposable
{
    private const int Hidden = 8, Pictures = 100;

    private static readonly MemoryOptions Options = new() { Budget = 64, RecentEntries = 4 };

    private readonly string _streams = System.IO.Directory.CreateTempSubdirectory("streaming-archive-").FullName;
    private readonly StreamMemory _memory = new(Options);
    private readonly StreamFolder _folder;

    public StreamArchiveTests() => _folder = StreamFolder.Create(
        _streams, new StreamDeclaration("gate", "rtsp://camera/", null, null, 2, DecodeMode.All, "UTC", true, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Kept_for_days_stays_bounded_and_the_memory_comes_back_to_the_bit()
    {
        const int keyframes = 3000;
        using (StreamArchive archive = Open())
        {
            for (int number = 0; number < keyframes; number++)
                Keep(archive, number);
            Assert.Null(archive.Problem);
        }
        using StreamArchive again = Open();
        Assert.Equal(keyframes, again.Past.Keyframes);
        Assert.Equal(_memory.Snapshot.Entries.Select(Shown), again.Past.Memory.Entries.Select(Shown));
        Assert.Equal(_memory.Snapshot.Clips.Select(ClipHeader.Of), again.Past.Memory.Clips.Select(ClipHeader.Of));
        Assert.Contains(again.Past.Memory.Clips, clip => clip.Clips > 8);
        Assert.Equal(2 * keyframes, again.Past.Account.Sampled);
        Assert.InRange(new FileInfo(_folder.Log).Length, 1, 80_000);
        int most = Pictures + _memory.Snapshot.Entries.Length + 256;
        Assert.InRange(System.IO.Directory.GetFiles(_folder.Pictures).Length, Pictures, most);
        Assert.All(_memory.Snapshot.Entries, entry => Assert.True(again.Index.Contains(entry.Keyframe.Number) && File.Exists(again.PictureOf(entry.Keyframe.Number))));
        Assert.All(again.Index.All(), k => Assert.True(File.Exists(again.PictureOf(k.Keyframe.Number))));
    }

    [Fact]
    public void Kept_on_a_disk_that_refuses_goes_on_and_says_so()
    {
        using StreamArchive archive = Open();
        Keep(archive, 0);
        System.IO.Directory.Delete(_folder.Pictures, recursive: true);
        Keep(archive, 1);
        Assert.Contains("stored", archive.Problem);
        System.IO.Directory.CreateDirectory(_folder.Pictures);
        Keep(archive, 2);
        Assert.Null(archive.Problem);
        Assert.Equal([0, 2], archive.Index.All().Select(k => k.Keyframe.Number));
    }

    public void Dispose() => System.IO.Directory.Delete(_streams, recursive: true);

    private StreamArchive Open() => new(_folder, Hidden, Options, Pictures, _ => { }, largestLog: 64_000) { Memory = () => _memory.Snapshot };

    private void Keep(StreamArchive archive, int number)
    {
        var time = TimeSpan.FromSeconds(number * 8);
        var tokens = new VisualTokens(
            Hidden, Enumerable.Range(0, 2 * Hidden).Select(i => (float)(Half)(number * 0.1f + i)).ToArray(),
            new[] { new TokenOrigin(time, 0, (short)(number % 7)), new TokenOrigin(time, 1, (short)(number % 5)) }, new float[] { 1, 1 }, new float[] { 0.5f, 0.25f });
        var entry = new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 0.5f), tokens);
        var progress = new DecodeProgress(50 * number, 2 * number + 2, 0, time);
        archive.Seen(entry.Keyframe, [0xFF, 0xD8, (byte)number], tokens, progress);
        _memory.Write(entry);
        archive.Kept(entry, progress);
    }

    private static string Shown(MemoryEntry entry) => string.Join(' ',
        entry.Keyframe, string.Join(',', entry.Tokens.Origins.ToArray()), string.Join(',', entry.Tokens.Features.ToArray()), string.Join(',', entry.Tokens.Weights.ToArray()));
}
