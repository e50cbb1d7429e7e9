namespace Streaming.Pipelines;

/// <summary>What a stream has counted so far, over all its sessions.</summary>
/// <param name="Decoded">Pictures decoded.</param>
/// <param name="Sampled">Pictures looked at.</param>
/// <param name="Dropped">Sampled frames thrown away because analysis could not keep up.</param>
/// <param name="Thinned">Frames not looked at because the rate is lowered.</param>
/// <param name="Unreadable">Packets or pictures that could not be decoded.</param>
/// <param name="TokensIn">Made by the vision encoder.</param>
/// <param name="TokensKept">What the reducer left of them.</param>
public readonly record struct StreamAccount(
    long Decoded, long Sampled, long Dropped, long Thinned, long Kept, long Unreadable, long TokensIn, long TokensKept)
{
    /// <summary>Keyframes of a source that does not wait, thrown away because the model did not encode them.</summary>
    public long Lost { get; init; }

    /// <summary>Keyframes that were not encoded: nothing had changed, so that they took over the tokens of the one before.</summary>
    public long Reused { get; init; }
}
