namespace Streaming.Models;

/// <summary>
/// Cuts pictures into the rows that Qwen2-VL's vision encoder reads: a row a patch, those of a square that becomes one token side by side,
/// and a picture as often in a row as the film has frames in one step of time.
/// </summary>
/// <param name="Side">Of a patch, in pixels.</param>
/// <param name="Merge">Patches along the side of a token's square.</param>
/// <param name="Frames">Frames in one step of time.</param>
public sealed record PatchCut(int Side, int Merge, int Frames)
{
    private const int Channels = 3;

    /// <summary>Numbers in a row: channels, frames, rows and columns of a patch.</summary>
    public int Width => Channels * Frames * Side * Side;

    /// <param name="pictures">[pictures, 3, height, width]; both sides are multiples of a token's square.</param>
    /// <param name="rows">Receives [pictures * patches, <see cref="Width"/>].</param>
    public void Cut(ReadOnlySpan<float> pictures, int height, int width, Span<float> rows)
    {
        int square = Side * Merge, plane = height * width, at = 0;
        if (height % square != 0 || width % square != 0 || rows.Length < (long)pictures.Length * Frames)
            throw new ArgumentException($"Pictures of {width}x{height} do not fit patches of {Side} in squares of {Merge}, or the rows.");
        for (int picture = 0; picture < pictures.Length; picture += Channels * plane)
            for (int top = 0; top < height; top += square)
                for (int left = 0; left < width; left += square)
                    for (int patch = 0; patch < Merge * Merge; patch++)
                    {
                        int corner = picture + ((top + (patch / Merge * Side)) * width) + left + (patch % Merge * Side);
                        Copy(pictures[corner..], width, plane, rows.Slice(at, Width));
                        at += Width;
                    }
    }

    private void Copy(ReadOnlySpan<float> from, int width, int plane, Span<float> row)
    {
        int at = 0;
        for (int channel = 0; channel < Channels; channel++)
            for (int frame = 0; frame < Frames; frame++)
                for (int y = 0; y < Side; y++, at += Side)
                    from.Slice((channel * plane) + (y * width), Side).CopyTo(row[at..]);
    }
}
