namespace Streaming.Models.Onnx;

/// <summary>Takes the saliency of an encoder's patches to the tokens of its grid.</summary>
internal sealed class SaliencyGrid
{
    private readonly VisionShape _shape;
    private readonly int _first, _block;

    private SaliencyGrid(VisionShape shape, int first, int block) => (_shape, _first, _block) = (shape, first, block);

    /// <summary>Patches of a frame, a class token included.</summary>
    public int Patches => _first + (_shape.TokensPerFrame * _block * _block);

    /// <summary>A patch a token, a square of patches a token (as pixel shuffle has it), either with or without a class token in front.</summary>
    /// <returns>Null if the patches are none of these.</returns>
    public static SaliencyGrid? Of(VisionShape shape, long patches)
    {
        for (int first = 0; first <= 1; first++)
        {
            int block = (int)Math.Round(Math.Sqrt((patches - first) / (double)shape.TokensPerFrame));
            if (block > 0 && patches == first + ((long)shape.TokensPerFrame * block * block))
                return new SaliencyGrid(shape, first, block);
        }
        return null;
    }

    /// <param name="patches">[frames, patches].</param>
    /// <param name="tokens">Receives the mean over each token's patches, [frames, tokens].</param>
    public void Read(ReadOnlySpan<float> patches, int frames, Span<float> tokens)
    {
        int columns = _shape.GridColumns * _block;
        for (int token = 0; token < frames * _shape.TokensPerFrame; token++)
        {
            var (frame, place) = Math.DivRem(token, _shape.TokensPerFrame);
            var (row, column) = Math.DivRem(place, _shape.GridColumns);
            ReadOnlySpan<float> grid = patches.Slice((frame * Patches) + _first, Patches - _first);
            float sum = 0;
            for (int y = 0; y < _block; y++)
                for (int x = 0; x < _block; x++)
                    sum += grid[(((row * _block) + y) * columns) + (column * _block) + x];
            tokens[token] = sum / (_block * _block);
        }
    }
}
