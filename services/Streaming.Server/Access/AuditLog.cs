using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Server.Access;

/// <summary>Who did what, one line of JSON each, in a few files of bounded size that only their owner may read. Any thread may write.</summary>
/// <param name="warn">Told in one line when it cannot be written, once until it can again.</param>
public sealed class AuditLog(string dataFolder, Action<string>? warn = null, long fileBytes = AuditLog.UsualFileBytes)
{
    /// <summary>The newest file, in the data folder; older ones are audit.1.jsonl, audit.2.jsonl and so on.</summary>
    public const string FileName = "audit.jsonl";

    /// <summary>A hundred thousand lines: a busy week.</summary>
    private const long UsualFileBytes = 16 << 20;

    private const int OlderFiles = 3;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly Lock _gate = new();
    private bool _isBroken;

    public void Write(AuditEntry entry)
    {
        byte[] line = [.. JsonSerializer.SerializeToUtf8Bytes(entry, AuditJson.Default.AuditEntry), (byte)'\n'];
        lock (_gate)
        {
            try
            {
                Append(line);
                _isBroken = false;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                if (!_isBroken)
                    warn?.Invoke($"the audit log cannot be written: {e.Message}");
                _isBroken = true;
            }
        }
    }

    private void Append(byte[] line)
    {
        string path = PathOf(0);
        if (new FileInfo(path) is { Exists: true } file && file.Length + line.Length > fileBytes)
            Rotate();
        var options = new FileStreamOptions { Mode = FileMode.Append, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var log = new FileStream(path, options);
        log.Write(line);
    }

    private void Rotate()
    {
        for (int age = OlderFiles; age > 0; age--)
            if (File.Exists(PathOf(age - 1)))
                File.Move(PathOf(age - 1), PathOf(age), overwrite: true);
    }

    private string PathOf(int age) => Path.Combine(dataFolder, age == 0 ? FileName : Path.ChangeExtension(FileName, $"{age}.jsonl"));
}

/// <summary>One request that changed or asked something, or was refused. No query and no body: they hold what people say.</summary>
/// <param name="By">The caller; null: nobody was let in.</param>
/// <param name="From">The address that it came from, which may be a proxy's.</param>
public sealed record AuditEntry(DateTimeOffset At, string? By, Role? Role, string? From, string Method, string Path, int Status, string? Trace);

/// <summary>How the lines are written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJson : JsonSerializerContext;
