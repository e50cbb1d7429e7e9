using Streaming.Compression;
using Streaming.Compression.Ladder;

namespace Streaming.Server.Archive;

/// <summary>A memory rebuilt from its records: the clips as they were when the log was written anew, and what was written to it since.</summary>
public sealed class MemoryReplay(MemoryOptions options)
{
    private readonly List<MemoryClip> _clips = [];
    private readonly List<MemoryEntry> _begun = [];
    private ClipHeader? _header;
    private int _newest = -1;
    private StreamMemory? _memory;

    /// <summary>As of the last record. A clip whose records are cut off is left out.</summary>
    public MemorySnapshot Snapshot => Memory.Snapshot;

    private StreamMemory Memory => _memory ??= new StreamMemory(options, new MemorySnapshot([.. _clips]));

    /// <param name="record">Records come in order; those of pictures alone say nothing, and those that come again nothing new.</param>
    /// <exception cref="InvalidDataException">It cannot follow what came before it.</exception>
    public void Add(KeyframeRecord record)
    {
        try
        {
            Take(record);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"keyframe {record.Keyframe.Number} cannot follow what came before it", e);
        }
    }

    private void Take(KeyframeRecord record)
    {
        if (!record.IsRemembered || record.Keyframe.Number <= _newest)
            return;
        _newest = record.Keyframe.Number;
        if (record.Clip is not null)
        {
            _header = record.Clip;
            _begun.Clear();
        }
        if (_header is null)
        {
            Memory.Write(record.Entry);
            return;
        }
        _begun.Add(record.Entry);
        if (_begun.Count < _header.Entries)
            return;
        _clips.Add(_header.With(_begun));
        _header = null;
    }
}
