namespace Streaming.Compression.Codec;

/// <summary>What the codec tells of whether anything changes.</summary>
public enum CodecEvidence : byte
{
    /// <summary>Not enough has been seen.</summary>
    Unknown,

    /// <summary>Motion vectors and the share of the picture that none covers.</summary>
    MotionVectors,

    /// <summary>How large predicted pictures are, next to each other and to intra pictures.</summary>
    PacketSizes,

    /// <summary>Nothing: every picture is an intra picture, sizes are not told, or they are kept even whatever is shown. Only pictures and
    /// features tell.</summary>
    Features,
}
