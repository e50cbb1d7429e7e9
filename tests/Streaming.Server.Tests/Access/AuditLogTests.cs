using System.Text.Json;
using Streaming.Server.Access;

namespace Streaming.Server.Tests.Access;

public sealed class AuditLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-audit-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Write_adds_a_line_that_only_the_owner_may_read()
    {
        var log = new AuditLog(_folder);
        log.Write(Entry("/v1/streams"));
        log.Write(Entry("/v1/streams/door"));
        string path = Path.Combine(_folder, AuditLog.FileName);
        JsonElement[] lines = [.. File.ReadLines(path).Select(line => JsonDocument.Parse(line).RootElement)];
        Assert.Equal(["/v1/streams", "/v1/streams/door"], lines.Select(line => line.GetProperty("path").GetString()));
        Assert.Equal(("ann", "operator", 201), (lines[0].GetProperty("by").GetString(), lines[0].GetProperty("role").GetString(), lines[0].GetProperty("status").GetInt32()));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
    }

    [Fact]
    public void Write_full_files_are_set_aside_and_the_oldest_given_up()
    {
        var log = new AuditLog(_folder, fileBytes: 1000);
        for (int i = 0; i < 200; i++)
            log.Write(Entry($"/{i}"));
        string[] files = [.. Directory.GetFiles(_folder).Order(StringComparer.Ordinal)];
        Assert.Equal(["audit.1.jsonl", "audit.2.jsonl", "audit.3.jsonl", "audit.jsonl"], files.Select(Path.GetFileName));
        Assert.All(files, file => Assert.InRange(new FileInfo(file).Length, 1, 1000));
        Assert.Contains("\"/199\"", File.ReadLines(files[^1]).Last());
    }

    [Fact]
    public void Write_that_fails_is_told_once()
    {
        var told = new List<string>();
        var log = new AuditLog(Path.Combine(_folder, "nowhere"), told.Add);
        log.Write(Entry("/a"));
        log.Write(Entry("/b"));
        Assert.Single(told);
    }

    private static AuditEntry Entry(string path) => new(DateTimeOffset.UnixEpoch, "ann", Role.Operator, "127.0.0.1", "POST", path, 201, null);
}
