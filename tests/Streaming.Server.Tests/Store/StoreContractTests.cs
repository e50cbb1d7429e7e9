using Streaming.Server.Store;

namespace Streaming.Server.Tests.Store;

/// <summary>What every memory store does.</summary>
public abstract class StoreContractTests
{
    /// <summary>A store of that stream as a program that has just started opens it.</summary>
    protected abstract IMemoryStore Open(string stream = "gate");

    [Fact]
    public async Task ReadAsync_what_was_replaced_and_appended_is_there_after_a_restart()
    {
        await using (IMemoryStore store = Open())
        {
            Assert.Empty(await store.ReadAsync());
            await store.ReplaceAsync(Bytes(3_000_000, seed: 1));
            await store.AppendAsync(Bytes(1000, seed: 2));
            await store.AppendAsync(Bytes(2_500_000, seed: 3));
        }
        await using IMemoryStore again = Open();
        Assert.Equal((byte[])[.. Bytes(3_000_000, 1), .. Bytes(1000, 2), .. Bytes(2_500_000, 3)], await again.ReadAsync());
        await again.AppendAsync(Bytes(10, seed: 4));
        await using IMemoryStore third = Open();
        Assert.Equal(Bytes(10, 4), (await third.ReadAsync())[^10..]);
    }

    [Fact]
    public async Task ReplaceAsync_nothing_of_the_old_log_is_left()
    {
        await using IMemoryStore store = Open();
        await store.ReplaceAsync(Bytes(2000, seed: 1));
        await store.ReplaceAsync(Bytes(500, seed: 2));
        await store.AppendAsync(Bytes(1, seed: 3));
        await using IMemoryStore again = Open();
        Assert.Equal((byte[])[.. Bytes(500, 2), .. Bytes(1, 3)], await again.ReadAsync());
    }

    [Fact]
    public async Task SetAsideAsync_copy_outlives_what_is_written_afterwards()
    {
        await using IMemoryStore store = Open();
        await store.ReplaceAsync(Bytes(700, seed: 1));
        await store.ReadAsync();
        string where = await store.SetAsideAsync();
        await store.ReplaceAsync(Bytes(20, seed: 2));
        Assert.Equal(Bytes(20, 2), await store.ReadAsync());
        Assert.Equal(Bytes(700, 1), await ReadAsideAsync(where));
    }

    [Fact]
    public async Task DeleteAsync_takes_this_stream_and_no_other()
    {
        await using IMemoryStore store = Open(), other = Open("yard");
        await store.ReplaceAsync(Bytes(10, seed: 1));
        await other.ReplaceAsync(Bytes(10, seed: 2));
        await store.DeleteAsync();
        Assert.Empty(await store.ReadAsync());
        Assert.Equal(Bytes(10, 2), await other.ReadAsync());
    }

    /// <param name="where">As the store said it.</param>
    protected abstract Task<byte[]> ReadAsideAsync(string where);

    protected static byte[] Bytes(int count, int seed)
    {
        var bytes = new byte[count];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}

public sealed class FileMemoryStoreTests : StoreContractTests, IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-store-").FullName;

    [Fact]
    public async Task ReadAsync_drafts_of_writings_that_were_killed_are_removed_and_all_else_stays()
    {
        await using IMemoryStore store = Open();
        await store.ReplaceAsync(Bytes(10, seed: 1));
        await File.WriteAllBytesAsync(Path.Combine(_folder, $"gate.log.{Guid.NewGuid():N}"), [1]);
        await store.SetAsideAsync();
        await store.ReadAsync();
        Assert.Equal(["gate.log", "gate.log.unread-1"], System.IO.Directory.GetFiles(_folder).Select(Path.GetFileName).Order());
    }

    [Fact]
    public async Task AppendAsync_folder_that_is_gone_is_told()
    {
        await using IMemoryStore store = Open();
        System.IO.Directory.Delete(_folder);
        await Assert.ThrowsAsync<StoreException>(() => store.AppendAsync(Bytes(10, seed: 1)));
        System.IO.Directory.CreateDirectory(_folder);
        await store.ReplaceAsync(Bytes(10, seed: 1));
        Assert.Equal(Bytes(10, 1), await store.ReadAsync());
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    protected override IMemoryStore Open(string stream = "gate") => new FileMemoryStore(Path.Combine(_folder, $"{stream}.log"));

    protected override Task<byte[]> ReadAsideAsync(string where) => File.ReadAllBytesAsync(where);
}
