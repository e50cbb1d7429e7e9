using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Server.Archive;

namespace Streaming.Server.Access;

/// <summary>
/// The keys that a server knows: those in a file, which the <c>keys</c> verb changes while the server runs, and the operator's own from the
/// environment. Any thread may ask.
/// </summary>
public sealed class KeyRing
{
    /// <summary>In the data folder; only its owner may read it.</summary>
    public const string FileName = "keys.json";

    /// <summary>The owner of the administrator's key in the environment.</summary>
    public const string OperatorsName = "environment";

    /// <summary>The owner of the viewer's key in the environment.</summary>
    public const string ViewersName = "environment-viewer";

    private readonly string _path;
    private readonly IReadOnlyList<AccessKey> _own;
    private readonly TimeProvider _clock;
    private readonly Action<string>? _warn;
    private readonly Lock _gate = new();
    private (DateTime Written, IReadOnlyList<AccessKey> Keys) _stored;
    private long _looked;

    /// <param name="adminKey">An administrator's key that is in no file; null: none.</param>
    /// <param name="viewerKey">A viewer's key that is in no file, such as that of the program that reads the metrics; null: none.</param>
    /// <param name="warn">Told in one line when the file has become unreadable; the keys known before stay.</param>
    /// <exception cref="InvalidDataException">There is a file of keys, and it cannot be read.</exception>
    public KeyRing(string dataFolder, string? adminKey = null, string? viewerKey = null, TimeProvider? clock = null, Action<string>? warn = null)
    {
        (_path, _clock, _warn) = (Path.Combine(dataFolder, FileName), clock ?? TimeProvider.System, warn);
        _own = [.. Own(OperatorsName, Role.Admin, adminKey), .. Own(ViewersName, Role.Viewer, viewerKey)];
        _stored = Read();
        _looked = _clock.GetTimestamp();
    }

    /// <summary>Those of the file, expired ones too, in the order in which they were made.</summary>
    public IReadOnlyList<AccessKey> Stored
    {
        get
        {
            lock (_gate)
                return _stored.Keys;
        }
    }

    /// <summary>There is no key at all: nobody can be asked for one.</summary>
    public bool IsEmpty => _own.Count == 0 && Current().Count == 0;

    /// <summary>Who shows this key; null: nobody known, or its time is over.</summary>
    public Caller? Find(string key)
    {
        // Found by its hash: how long the search takes tells nothing about a key.
        string hash = AccessKey.HashOf(key);
        AccessKey? known = _own.Concat(Current()).FirstOrDefault(stored => stored.Hash == hash);
        return known is not null && known.IsValidAt(_clock.GetUtcNow()) ? new Caller(known.Name, known.Role, known.Streams?.ToHashSet(StringComparer.Ordinal)) { Limits = known.Limits ?? CallerLimits.None } : null;
    }

    /// <summary>Replaces the keys of the file.</summary>
    public void Store(IReadOnlyList<AccessKey> keys)
    {
        lock (_gate)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(keys, KeyJson.Default.IReadOnlyListAccessKey), isSecret: true);
            _stored = Read();
        }
    }

    private IEnumerable<AccessKey> Own(string name, Role role, string? key) =>
        key is null ? [] : [new AccessKey(name, role, AccessKey.HashOf(key), null, _clock.GetUtcNow(), null)];

    /// <summary>The keys as they are in the file now, which is looked at once a second at most.</summary>
    private IReadOnlyList<AccessKey> Current()
    {
        lock (_gate)
        {
            if (_clock.GetElapsedTime(_looked) < TimeSpan.FromSeconds(1))
                return _stored.Keys;
            _looked = _clock.GetTimestamp();
            try
            {
                if (File.GetLastWriteTimeUtc(_path) != _stored.Written)
                    _stored = Read();
            }
            catch (InvalidDataException e)
            {
                _stored.Written = File.GetLastWriteTimeUtc(_path);
                _warn?.Invoke($"{e.Message}; the keys known before stay");
            }
            return _stored.Keys;
        }
    }

    private (DateTime, IReadOnlyList<AccessKey>) Read()
    {
        try
        {
            // The time first: what is written in between is read again.
            DateTime written = File.GetLastWriteTimeUtc(_path);
            return (written, File.Exists(_path) ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), KeyJson.Default.IReadOnlyListAccessKey) ?? [] : []);
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            // The message of a JsonException quotes no values.
            throw new InvalidDataException($"{_path} cannot be read as keys: {e.Message}", e);
        }
    }
}

/// <summary>How keys are stored.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, WriteIndented = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(IReadOnlyList<AccessKey>))]
internal sealed partial class KeyJson : JsonSerializerContext;
