using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// The reducing end of a stream's line: keyframes with all their tokens go in one by one, entries for memory come out in order, one a
/// keyframe, some of them later. What comes out depends on the keyframes alone. One instance belongs to one stream and is called by one thread.
/// </summary>
public interface IStreamReducer
{
    /// <summary>The entries of keyframes that are not final yet, as they would be if the stream ended now.</summary>
    IReadOnlyList<MemoryEntry> Open { get; }

    /// <summary>Takes the next keyframe.</summary>
    /// <returns>The entries that it made final.</returns>
    IReadOnlyList<MemoryEntry> Add(Keyframe keyframe, VisualTokens tokens);

    /// <summary>Makes all entries final: the source ended, and what comes next is not of one piece with what was.</summary>
    /// <returns>Those that were open.</returns>
    IReadOnlyList<MemoryEntry> End();

    /// <summary>Goes on as if it had kept these tokens: what an earlier run of the stream left, in order.</summary>
    void Resume(VisualTokens kept);
}
