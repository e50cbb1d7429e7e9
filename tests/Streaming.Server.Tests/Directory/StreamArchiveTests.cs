using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Models;
using Streaming.Server.Archive;
using Streaming.Server.Store;
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
    private readonly List<string> _warnings = [];

    public StreamArchiveTests() => _folder = StreamFolder.Create(
        _streams, new StreamDeclaration("gate", "rtsp://camera/", null, null, 2, DecodeMode.All, "UTC", true, DateTimeOffset.UnixEpoch));

    [Fact]
    public async Task Kept_for_days_stays_bounded_and_the_memory_comes_back_to_the_bit()
    {
        const int keyframes = 3000;
        await using (StreamArchive archive = await OpenAsync())
        {
            for (int number = 0; number < keyframes; number++)
                Keep(archive, number);
            Assert.Null(archive.Problem);
            Assert.Null(archive.Stored.Problem);
        }
        await using StreamArchive again = await OpenAsync();
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
    public async Task Kept_on_a_disk_that_refuses_goes_on_and_says_so()
    {
        await using StreamArchive archive = await OpenAsync();
        Keep(archive, 0);
        System.IO.Directory.Delete(_folder.Pictures, recursive: true);
        Keep(archive, 1);
        Assert.Contains("stored", archive.Problem);
        System.IO.Directory.CreateDirectory(_folder.Pictures);
        Keep(archive, 2);
        Assert.Null(archive.Problem);
        Assert.Equal([0, 2], archive.Index.All().Select(k => k.Keyframe.Number));
    }

    [Fact]
    public async Task OpenAsync_log_that_cannot_be_read_is_reported_and_kept_and_what_comes_before_the_damage_goes_on()
    {
        await using (StreamArchive archive = await OpenAsync())
        {
            for (int number = 0; number < 6; number++)
            {
                Keep(archive, number);
                await LocalMachine.UntilAsync(() => Task.FromResult(archive.Stored), stored => stored.Unstored == 0);
            }
        }
        byte[] whole = await File.ReadAllBytesAsync(_folder.Log), damaged = [.. whole];
        damaged[^1] ^= 1;
        await File.WriteAllBytesAsync(_folder.Log, damaged);
        await using (StreamArchive archive = await OpenAsync())
            Assert.Equal(5, archive.Past.Memory.Entries.Length);
        Assert.Equal(damaged, await File.ReadAllBytesAsync($"{_folder.Log}.unread-1"));
        byte[] later = [.. whole];
        later[8] = RecordLog.Version + 1;
        await File.WriteAllBytesAsync(_folder.Log, later);
        await using (StreamArchive archive = await OpenAsync())
            Assert.Empty(archive.Past.Memory.Entries);
        Assert.Equal(later, await File.ReadAllBytesAsync($"{_folder.Log}.unread-2"));
        Assert.Collection(_warnings, text => Assert.Contains("damaged", text), text => Assert.Contains("version", text));
    }

    [Fact]
    public async Task OpenAsync_log_with_a_torn_end_goes_on_after_its_last_whole_keyframe()
    {
        await using (StreamArchive archive = await OpenAsync())
        {
            for (int number = 0; number < 6; number++)
            {
                Keep(archive, number);
                await LocalMachine.UntilAsync(() => Task.FromResult(archive.Stored), stored => stored.Unstored == 0);
            }
        }
        byte[] whole = await File.ReadAllBytesAsync(_folder.Log);
        await File.WriteAllBytesAsync(_folder.Log, whole[..^3]);
        await using (StreamArchive archive = await OpenAsync())
        {
            Assert.Equal(5, archive.Past.Keyframes);
            Keep(archive, 6);
        }
        await using StreamArchive again = await OpenAsync();
        Assert.Equal(_memory.Snapshot.Entries.Select(Shown), again.Past.Memory.Entries.Select(Shown));
        Assert.Empty(_warnings);
    }

    public void Dispose() => System.IO.Directory.Delete(_streams, recursive: true);

    private async Task<StreamArchive> OpenAsync()
    {
        StreamArchive archive = await StreamArchive.OpenAsync(
            _folder, new FileMemoryStore(_folder.Log), new StreamArchiveOptions(Hidden, Options, new PictureQuota { Keyframes = Pictures }, _warnings.Add) { LargestLog = 64_000 });
        archive.Memory = () => _memory.Snapshot;
        return archive;
    }

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
