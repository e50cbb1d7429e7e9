namespace Streaming.Compression.Codec;

/// <summary>What the codec tells of how much is new in a frame, next to what its source was like over the last minutes.</summary>
/// <param name="IsIntra">The picture is an intra frame: the encoder began anew, because something changed or because it was time to.</param>
/// <param name="Size">Natural logarithm of the coded size of the pictures since the frame before, over the median of their type; null where sizes tell nothing.</param>
/// <param name="Deviations">How far that lies above the median, in deviations, -3 to 3; null likewise.</param>
/// <param name="Motion">Mean length of the motion vectors over the picture's diagonal; null where they are not exported.</param>
/// <param name="IntraFraction">Share of the picture's area that no motion vector covers; null likewise.</param>
public readonly record struct CodecNews(bool IsIntra, float? Size = null, float? Deviations = null, float? Motion = null, float? IntraFraction = null)
{
    /// <summary>Beyond so many deviations, more say no more.</summary>
    public const float MostDeviations = 3;
}
