using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests;

public sealed class GapFileTests : IDisposable
{
    private readonly string _streams = System.IO.Directory.CreateTempSubdirectory("streaming-gaps-").FullName;
    private readonly StreamFolder _folder;
    private readonly List<string> _warnings = [];

    public GapFileTests() => _folder = StreamFolder.Create(
        _streams, new StreamDeclaration("gate", "rtsp://camera/", null, null, 2, DecodeMode.All, "UTC", true, DateTimeOffset.UnixEpoch));

    [Fact]
    public void Write_gaps_are_there_after_a_restart()
    {
        Gap[] gaps = [new(TimeSpan.FromSeconds(1.5), TimeSpan.FromDays(3), GapReason.Offline, 0), new(TimeSpan.Zero, TimeSpan.FromSeconds(2), GapReason.Lost, 7)];
        File().Write(gaps);
        Assert.Equal(gaps, File().Read());
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Write_nothing_new_leaves_the_file_alone()
    {
        GapFile file = File();
        file.Write([]);
        Assert.False(System.IO.File.Exists(_folder.Gaps));
        Gap[] gaps = [new(TimeSpan.Zero, TimeSpan.FromSeconds(2), GapReason.Dropped, 7)];
        file.Write(gaps);
        System.IO.File.Delete(_folder.Gaps);
        file.Write(gaps);
        Assert.False(System.IO.File.Exists(_folder.Gaps));
    }

    [Fact]
    public void Read_damaged_file_is_reported_and_nothing_is_known()
    {
        System.IO.File.WriteAllText(_folder.Gaps, "[{");
        Assert.Empty(File().Read());
        Assert.Contains("did not see", Assert.Single(_warnings));
    }

    public void Dispose() => System.IO.Directory.Delete(_streams, recursive: true);

    private GapFile File() => new(_folder, _warnings.Add);
}
