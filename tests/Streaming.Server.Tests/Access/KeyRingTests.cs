using Streaming.Pipelines.Tests;
using Streaming.Server.Access;

namespace Streaming.Server.Tests.Access;

public sealed class KeyRingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-keys-").FullName;
    private readonly ManualClock _clock = new();

    private string File => Path.Combine(_folder, KeyRing.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Find_gives_the_owner_of_a_key_and_nobody_for_another()
    {
        (KeyRing ring, string key) = (new KeyRing(_folder), AccessKey.Generate());
        Assert.True(ring.IsEmpty);
        ring.Store([Key("porter", key) with { Streams = ["door"] }]);
        Assert.False(ring.IsEmpty);
        Caller caller = ring.Find(key)!;
        Assert.Equal(("porter", Role.Viewer), (caller.Name, caller.Role));
        Assert.Equal(["door"], caller.Streams!);
        Assert.All((string[])["", key[..^1], key + "x", AccessKey.HashOf(key), AccessKey.Generate()], other => Assert.Null(ring.Find(other)));
    }

    [Fact]
    public void Store_keeps_no_key_and_lets_only_the_owner_of_the_file_read_it()
    {
        string key = AccessKey.Generate();
        new KeyRing(_folder).Store([Key("porter", key)]);
        Assert.DoesNotContain(key, System.IO.File.ReadAllText(File));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
    }

    [Fact]
    public void Find_takes_up_what_another_process_stored_and_what_has_run_out()
    {
        var ring = new KeyRing(_folder, clock: _clock);
        (string old, string key) = (AccessKey.Generate(), AccessKey.Generate());
        new KeyRing(_folder).Store([Key("porter", old) with { ExpiresAt = _clock.GetUtcNow().AddHours(1) }, Key("porter", key)]);
        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.NotNull(ring.Find(old));
        _clock.Advance(TimeSpan.FromHours(1));
        Assert.Null(ring.Find(old));
        Assert.NotNull(ring.Find(key));
    }

    [Fact]
    public void File_that_became_unreadable_is_told_once_and_keys_known_before_stay()
    {
        var told = new List<string>();
        string key = AccessKey.Generate();
        new KeyRing(_folder).Store([Key("porter", key)]);
        var ring = new KeyRing(_folder, clock: _clock, warn: told.Add);
        System.IO.File.WriteAllText(File, "[{]");
        // Written in the same turn of the file system's clock it would bear the time of before.
        System.IO.File.SetLastWriteTimeUtc(File, DateTime.UtcNow.AddSeconds(1));
        for (int i = 0; i < 3; i++)
        {
            _clock.Advance(TimeSpan.FromSeconds(2));
            Assert.NotNull(ring.Find(key));
        }
        Assert.Single(told);
        Assert.Throws<InvalidDataException>(() => new KeyRing(_folder));
    }

    [Fact]
    public void Environment_key_is_an_administrators_and_in_no_file()
    {
        string key = AccessKey.Generate();
        var ring = new KeyRing(_folder, adminKey: key);
        Assert.False(ring.IsEmpty);
        Assert.Equal((KeyRing.OperatorsName, Role.Admin), (ring.Find(key)!.Name, ring.Find(key)!.Role));
        Assert.False(System.IO.File.Exists(File));
    }

    [Fact]
    public void Environment_viewers_key_is_a_viewers_beside_the_administrators()
    {
        (string admin, string viewer) = (AccessKey.Generate(), AccessKey.Generate());
        var ring = new KeyRing(_folder, admin, viewer);
        Assert.Equal((KeyRing.ViewersName, Role.Viewer), (ring.Find(viewer)!.Name, ring.Find(viewer)!.Role));
        Assert.Equal(Role.Admin, ring.Find(admin)!.Role);
        Assert.False(new KeyRing(_folder, viewerKey: viewer).IsEmpty);
    }

    private AccessKey Key(string name, string key) => new(name, Role.Viewer, AccessKey.HashOf(key), null, _clock.GetUtcNow(), null);
}
