using System.Runtime.InteropServices;

namespace Streaming.Video.FFmpeg;

/// <summary>How a decoded picture must be turned to be upright: one of the eight that a display matrix can say in right angles.</summary>
/// <param name="Swap">Rows become columns; applied first.</param>
/// <param name="FlipX">The turned picture is mirrored left to right.</param>
/// <param name="FlipY">The turned picture is mirrored top to bottom.</param>
internal readonly record struct Orientation(bool Swap, bool FlipX, bool FlipY)
{
    private const int DisplayMatrix = 5; // AV_PKT_DATA_DISPLAYMATRIX
    private const int PictureMatrix = 6; // AV_FRAME_DATA_DISPLAYMATRIX

    internal static Orientation Upright => default;

    /// <summary>Clockwise degrees; a mirrored picture counts as its rotation before the mirror.</summary>
    internal int Degrees => (Swap, FlipX, FlipY) switch
    {
        (false, true, true) or (false, false, true) => 180,
        (true, true, _) => 90,
        (true, false, _) => 270,
        _ => 0,
    };

    internal static unsafe Orientation Of(AvStream stream)
    {
        nuint sizeBytes;
        var matrix = LibAv.av_stream_get_side_data(stream, DisplayMatrix, &sizeBytes);
        return matrix == null || sizeBytes < 9 * sizeof(int) ? Upright : FromMatrix(new ReadOnlySpan<int>(matrix, 9));
    }

    /// <summary>What the codec says in mid-stream, such as H.264's display orientation; null: nothing.</summary>
    internal static Orientation? Of(AvFrame picture)
    {
        ReadOnlySpan<int> matrix = MemoryMarshal.Cast<byte, int>(LibAv.av_frame_get_side_data(picture, PictureMatrix).Bytes);
        return matrix.Length < 9 ? null : FromMatrix(matrix);
    }

    /// <summary>Reads { a, b, u, c, d, v, x, y, w }: a point (p, q) is shown at (a p + c q, b p + d q). Odd angles go to the nearest right one.</summary>
    internal static Orientation FromMatrix(ReadOnlySpan<int> matrix)
    {
        var (a, b, c, d) = ((long)matrix[0], (long)matrix[1], (long)matrix[3], (long)matrix[4]);
        var swap = Math.Abs(b) + Math.Abs(c) > Math.Abs(a) + Math.Abs(d);
        return swap ? new(true, c < 0, b < 0) : new(false, a < 0, d < 0);
    }

    /// <summary>Copies a picture upright.</summary>
    /// <param name="source">RGB24 rows of <paramref name="width"/> pixels, <paramref name="stride"/> bytes apart.</param>
    /// <param name="target">RGB24 without padding; [width, height] if <see cref="Swap"/>, else [height, width].</param>
    internal unsafe void Copy(byte* source, int stride, int width, int height, byte* target)
    {
        var (targetWidth, targetHeight) = Swap ? (height, width) : (width, height);
        var stepX = Swap ? stride : 3;
        var stepY = Swap ? 3 : stride;
        for (var y = 0; y < targetHeight; y++)
        {
            var from = source + (long)(FlipY ? targetHeight - 1 - y : y) * stepY + (FlipX ? (long)(targetWidth - 1) * stepX : 0);
            var step = FlipX ? -stepX : stepX;
            if (step == 3)
            {
                Buffer.MemoryCopy(from, target, targetWidth * 3, targetWidth * 3);
                target += targetWidth * 3;
                continue;
            }
            for (var x = 0; x < targetWidth; x++, from += step, target += 3)
                (target[0], target[1], target[2]) = (from[0], from[1], from[2]);
        }
    }
}
