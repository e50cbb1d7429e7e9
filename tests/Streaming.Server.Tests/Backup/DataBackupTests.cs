using System.Formats.Tar;
using Streaming.Contracts;
using Streaming.Server.Backup;
using Streaming.Server.Conversations;
using Streaming.Server.Store;
using Streaming.Server.Tests.Store;

namespace Streaming.Server.Tests;

public sealed class DataBackupTests : IAsyncLifetime
{
    private static readonly SourceName Gate = SourceName.Stream("gate");
    private static readonly ConversationName Talk = new("c1", "ann");

    private readonly LocalMachine _machine = new(), _other = new();

    private string Tar => Path.Combine(Path.GetDirectoryName(_machine.DataFolder)!, "backup.tar");

    [Fact]
    public async Task WriteAsync_of_a_running_server_is_restored_into_an_empty_folder_with_all_that_was_seen_and_said()
    {
        await SeeAsync();
        int files = await new DataBackup(_machine.DataFolder, _ => null).WriteAsync(Tar, default);
        Assert.Equal(files, await new DataBackup(_other.DataFolder, _ => null).ReadAsync(Tar, default));
        await AssertSameAsync(_other);
        Assert.False(File.Exists(Path.Combine(_other.DataFolder, "backup.json")));
    }

    [Fact]
    public async Task ReadAsync_memory_in_Redis_goes_back_into_a_Redis_and_out_of_it_into_a_folder()
    {
        using var redis = new RedisServer();
        RedisAddress second = RedisAddress.Parse("STREAMING_REDIS", redis.Url, "second", TimeSpan.FromDays(1));
        _machine.Settings = _machine.Settings with { Redis = redis.Address };
        _other.Settings = _other.Settings with { Redis = second };
        await SeeAsync();
        await using RedisLink link = RedisLink.Connect(redis.Address, LocalDirectory.RedisPatience), other = RedisLink.Connect(second, LocalDirectory.RedisPatience);
        await new DataBackup(_machine.DataFolder, path => RedisMemoryStore.OfLog(link, path)).WriteAsync(Tar, default);
        Assert.False(File.Exists(Path.Combine(_machine.DataFolder, "streams", "gate", "keyframes.log")));
        await new DataBackup(_other.DataFolder, path => RedisMemoryStore.OfLog(other, path)).ReadAsync(Tar, default);
        Assert.False(File.Exists(Path.Combine(_other.DataFolder, "streams", "gate", "keyframes.log")));
        await AssertSameAsync(_other);
        await using var third = new LocalMachine();
        await Assert.ThrowsAsync<IOException>(() => new DataBackup(third.DataFolder, path => RedisMemoryStore.OfLog(other, path)).ReadAsync(Tar, default));
        await new DataBackup(third.DataFolder, _ => null).ReadAsync(Tar, default);
        await AssertSameAsync(third);
    }

    [Fact]
    public async Task ReadAsync_cut_backup_and_one_that_leads_out_of_the_folder_leave_nothing_behind()
    {
        Directory.CreateDirectory(_machine.DataFolder);
        await File.WriteAllBytesAsync(Path.Combine(_machine.DataFolder, "keys.json"), new byte[3000]);
        await new DataBackup(_machine.DataFolder, _ => null).WriteAsync(Tar, default);
        byte[] whole = await File.ReadAllBytesAsync(Tar);
        for (int length = 0; length < whole.Length - 1024; length += 512)
        {
            await File.WriteAllBytesAsync(Tar, whole[..length]);
            await AssertRefusedAsync();
        }
        using (var tar = new TarWriter(File.Create(Tar)))
            tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "../outside") { DataStream = new MemoryStream([1]) });
        await AssertRefusedAsync();
        Assert.False(File.Exists(Path.Combine(_other.DataFolder, "..", "outside")));
    }

    [Fact]
    public async Task ReadAsync_and_WriteAsync_into_a_folder_that_is_in_use_change_nothing()
    {
        await _machine.UploadAsync(_machine.Film(1));
        await new DataBackup(_machine.DataFolder, _ => null).WriteAsync(Tar, default);
        string[] before = Directory.GetFileSystemEntries(_machine.DataFolder);
        await Assert.ThrowsAsync<IOException>(() => new DataBackup(_machine.DataFolder, _ => null).ReadAsync(Tar, default));
        foreach (string folder in (string[])[_machine.DataFolder, _machine.DataFolder + Path.DirectorySeparatorChar])
            await Assert.ThrowsAsync<IOException>(() => new DataBackup(folder, _ => null).WriteAsync(Path.Combine(_machine.DataFolder, "self.tar"), default));
        Assert.Equal(before.Order(), Directory.GetFileSystemEntries(_machine.DataFolder).Order());
    }

    [Fact]
    public async Task WriteAsync_while_folders_come_and_go_holds_what_stays()
    {
        Directory.CreateDirectory(_machine.DataFolder);
        await File.WriteAllBytesAsync(Path.Combine(_machine.DataFolder, "keys.json"), new byte[3000]);
        using var end = new CancellationTokenSource();
        Task coming = Task.Run(() =>
        {
            for (int upload = 0; !end.IsCancellationRequested; upload++)
            {
                string folder = Path.Combine(_machine.DataFolder, "uploads", $"{upload % 8}");
                Directory.CreateDirectory(Path.Combine(folder, "film"));
                Directory.Delete(folder, recursive: true);
            }
        });
        try
        {
            for (int time = 0; time < 50; time++)
                Assert.Equal(1, await new DataBackup(_machine.DataFolder, _ => null).WriteAsync(Tar, default));
        }
        finally
        {
            await end.CancelAsync();
            await coming;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _machine.DisposeAsync();
        await _other.CloseAsync();
        await _other.DisposeAsync();
    }

    /// <summary>A film that was played as a stream, all of it durable, and a question about it.</summary>
    private async Task SeeAsync()
    {
        string film = (await _machine.UploadAsync(_machine.Film(3))).Value!.Id;
        await _machine.UntilReadAsync(film);
        LocalDirectory directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", File: film), default);
        await _machine.UntilAsync("gate", stream => stream.State == StreamState.Ended);
        DateTimeOffset? newest = (await directory.KeyframesAsync(Gate, 0, 1000, default)).Value!.Keyframes[^1].At;
        await _machine.UntilAsync("gate", stream => stream.DurableUntil >= newest);
        var (_, answer, problem) = await _machine.AskAsync(new AskRequest([Gate], "what is there?") { Conversation = Talk });
        Assert.Null(problem);
        Assert.True(answer!.Conversation!.Durable);
    }

    private async Task AssertSameAsync(LocalMachine other)
    {
        var (clips, pictures, turns) = await RememberedAsync(_machine);
        Assert.NotEmpty(clips);
        Assert.NotEmpty(pictures);
        Assert.NotEmpty(turns);
        var restored = await RememberedAsync(other);
        Assert.Equal(clips, restored.Clips);
        Assert.Equal(pictures, restored.Pictures);
        Assert.Equal(turns, restored.Turns);
    }

    private static async Task<(List<(double, int)> Clips, List<string> Pictures, List<string> Turns)> RememberedAsync(LocalMachine machine)
    {
        LocalDirectory directory = await machine.OpenAsync();
        MemoryDocument memory = (await directory.MemoryAsync(Gate, default)).Value!;
        var keyframes = (await directory.KeyframesAsync(Gate, 0, 1000, default)).Value!.Keyframes;
        ConversationDocument talk = await directory.ConversationAsync(Talk, default);
        return ([.. memory.Clips.Select(clip => (clip.StartSeconds, clip.VisualTokens))], [.. keyframes.Select(keyframe => keyframe.Picture)], [.. talk.Turns.Select(turn => turn.Answer)]);
    }

    private async Task AssertRefusedAsync()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => new DataBackup(_other.DataFolder, _ => null).ReadAsync(Tar, default));
        Assert.Empty(Directory.GetFileSystemEntries(_other.DataFolder));
    }
}
