using Streaming.Compression.Codec;
using Streaming.Contracts;
using Streaming.Pipelines;

namespace Streaming.Server;

/// <summary>Counts of a stream or film as documents show them.</summary>
internal static class FrameAccounts
{
    internal static FrameCounts Of(StreamAccount account, CodecEvidence evidence) =>
        new(account.Decoded, account.Sampled, account.Kept, account.Unreadable, account.Reused, Word(evidence));

    internal static string Word(CodecEvidence evidence) => evidence switch
    {
        CodecEvidence.MotionVectors => "motion_vectors",
        CodecEvidence.PacketSizes => "packet_sizes",
        CodecEvidence.Features => "features",
        _ => "unknown",
    };
}
