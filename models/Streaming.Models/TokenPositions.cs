namespace Streaming.Models;

/// <summary>
/// Where the tokens of a prompt stand for the rotary embedding: one number each, or three (time, row, column) as Qwen2-VL (arXiv
/// 2409.12191, section 2.1) has it. Immutable.
/// </summary>
public sealed class TokenPositions
{
    /// <summary>[axes, tokens]; null for one axis on which every token stands at its own index.</summary>
    private readonly long[][]? _axes;

    private TokenPositions(long[][]? axes, long next) => (_axes, Next) = (axes, next);

    public int Axes => _axes?.Length ?? 1;

    /// <summary>On all axes, of the first token after the prompt; those after it follow one by one.</summary>
    public long Next { get; }

    public long this[int axis, int token] => _axes is null ? token : _axes[axis][token];

    /// <summary>[axes, tokens]; none if there is one axis, on which every token stands at its own index.</summary>
    public IReadOnlyList<IReadOnlyList<long>> ToArrays() => _axes ?? [];

    /// <param name="tokens">The length of the prompt.</param>
    public static TokenPositions OneByOne(int tokens) => new(null, tokens);

    /// <summary>
    /// Texts go on one by one on all axes. A frame's tokens share the time and stand at their rows and columns from there; what follows
    /// stands behind its whole grid, so that a frame without some of its tokens moves nothing.
    /// </summary>
    /// <param name="prompt">Its image tokens are those of its frames in order.</param>
    /// <param name="rows">Of a whole frame's grid.</param>
    /// <param name="columns">Of a whole frame's grid.</param>
    public static TokenPositions OnGrids(EncodedPrompt prompt, int imageTokenId, int rows, int columns)
    {
        int[] ids = prompt.TokenIds;
        long[][] axes = [new long[ids.Length], new long[ids.Length], new long[ids.Length]];
        long next = 0;
        for (int token = 0, frame = 0; token < ids.Length;)
        {
            if (ids[token] != imageTokenId)
            {
                axes[0][token] = axes[1][token] = axes[2][token] = next++;
                token++;
                continue;
            }
            foreach (TokenOrigin origin in prompt.Frames[frame++].Origins.Span)
            {
                (axes[0][token], axes[1][token], axes[2][token]) = (next, next + origin.Row, next + origin.Column);
                token++;
            }
            next += Math.Max(rows, columns);
        }
        return new TokenPositions(axes, next);
    }
}
