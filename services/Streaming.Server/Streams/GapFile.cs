using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Pipelines;
using Streaming.Server.Archive;

namespace Streaming.Server.Streams;

/// <summary>What of a stream was not seen, on disk. Written whole when a gap has been added.</summary>
/// <param name="warn">Told once when the disk does not take it.</param>
internal sealed class GapFile(StreamFolder folder, Action<string> warn)
{
    private IReadOnlyList<Gap>? _written;
    private bool _hasFailed;

    /// <summary>What earlier runs noted; nothing where that cannot be read.</summary>
    internal IReadOnlyList<Gap> Read()
    {
        try
        {
            return _written = File.Exists(folder.Gaps) ? JsonSerializer.Deserialize(File.ReadAllBytes(folder.Gaps), GapJson.Default.GapArray) ?? [] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            warn($"what earlier runs did not see cannot be read: {e.Message}");
            return [];
        }
    }

    internal void Write(IReadOnlyList<Gap> gaps)
    {
        if (ReferenceEquals(gaps, _written) || (gaps.Count == 0 && _written is not { Count: > 0 }))
            return;
        try
        {
            AtomicFile.Write(folder.Gaps, JsonSerializer.SerializeToUtf8Bytes([.. gaps], GapJson.Default.GapArray));
            (_written, _hasFailed) = (gaps, false);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (!_hasFailed)
                warn($"what was not seen cannot be noted: {e.Message}");
            _hasFailed = true;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true)]
[JsonSerializable(typeof(Gap[]))]
internal sealed partial class GapJson : JsonSerializerContext;
