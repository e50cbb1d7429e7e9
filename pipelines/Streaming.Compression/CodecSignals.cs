namespace Streaming.Compression;

/// <summary>What the codec says about a frame, for the whole span since the frame sampled before it.</summary>
/// <param name="IsIntra">The picture is an intra frame that decoding can start from.</param>
/// <param name="PictureType">I, P or B; Unknown where the decoder does not say.</param>
/// <param name="PacketBytes">Size of the coded picture.</param>
/// <param name="Motion">Mean length of the motion vectors over the picture's diagonal; null where they are not exported.</param>
/// <param name="IntraFraction">Share of the picture's area that no motion vector covers; null where they are not exported.</param>
/// <param name="PredictedBytes">Mean size of the coded pictures that are predicted from others; null where there was none or sizes are not told.</param>
/// <param name="IntraBytes">Mean size of the coded intra pictures; null likewise.</param>
public readonly record struct CodecSignals(
    bool IsIntra, PictureType PictureType, int PacketBytes, float? Motion = null, float? IntraFraction = null, float? PredictedBytes = null, float? IntraBytes = null);

public enum PictureType : byte { Unknown, I, P, B }
