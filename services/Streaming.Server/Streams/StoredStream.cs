using Streaming.Server.Archive;
using Streaming.Server.Store;
using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>What the store holds of a stream, read back.</summary>
/// <param name="Index">All its keyframes.</param>
/// <param name="Keyframes">How many it has kept, which is the number of the next one.</param>
/// <param name="Tokens">What the reducer left of them.</param>
/// <param name="Last">The counts as of the last one.</param>
/// <param name="SizeBytes">Of the log; 0: it cannot be added to.</param>
/// <param name="IsSetAside">The log holds what cannot be read, of which there is a copy now.</param>
internal sealed record StoredStream(MemoryReplay Memory, KeyframeIndex Index, int Keyframes, long Tokens, DecodeProgress Last, long SizeBytes, bool IsSetAside)
{
    /// <summary>Reads a stream's log. Of one that is damaged what comes before the damage goes on, and a copy is set aside of whatever cannot be read.</summary>
    /// <exception cref="StoreException">It cannot be read now.</exception>
    internal static async Task<StoredStream> ReadAsync(IMemoryStore store, StreamArchiveOptions options)
    {
        await store.TakeAsync().ConfigureAwait(false);
        byte[] log = await store.ReadAsync().ConfigureAwait(false);
        var memory = new MemoryReplay(options.Memory);
        var index = new KeyframeIndex();
        (int keyframes, long tokens, DecodeProgress last) = (0, 0, new DecodeProgress(0, 0, 0, TimeSpan.MinValue));
        LogEnd end = RecordLog.Read(log, options.Hidden, record =>
        {
            memory.Add(record);
            if (record.Keyframe.Number < keyframes)
                return;
            index.Add(record);
            (keyframes, last, tokens) = (record.Keyframe.Number + 1, record.Progress, tokens + record.TokensKept);
        });
        bool isUnread = end is not (LogEnd.Whole or LogEnd.Torn);
        if (isUnread)
            options.Warn($"what is stored of it {Say(end)}; it stays as {await store.SetAsideAsync().ConfigureAwait(false)}, and the stream goes on after {keyframes} keyframes");
        bool canGrow = end == LogEnd.Whole && log.Length > 0 && RecordLog.ReadHeader(log)?.Version == RecordLog.Version;
        return new StoredStream(memory, index, keyframes, tokens, last, canGrow ? log.Length : 0, isUnread);
    }

    private static string Say(LogEnd end) => end switch
    {
        LogEnd.Damaged => "is damaged",
        LogEnd.OtherModel => "was written with another model",
        _ => "is no memory, or one of a version that this program does not know",
    };
}
