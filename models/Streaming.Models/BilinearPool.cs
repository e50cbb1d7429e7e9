using System.Numerics.Tensors;

namespace Streaming.Models;

/// <summary>
/// Makes the grid of a frame's tokens smaller as PyTorch's <c>interpolate(mode="bilinear", align_corners=False)</c> does, without
/// antialiasing: each token is mixed of the four around its centre. Immutable.
/// </summary>
public sealed class BilinearPool
{
    private readonly int _sourceTokens, _sourceColumns;
    private readonly Neighbours[] _rows, _columns;

    public BilinearPool(int sourceRows, int sourceColumns, int rows, int columns)
    {
        (_sourceTokens, _sourceColumns) = (sourceRows * sourceColumns, sourceColumns);
        (_rows, _columns) = (Along(sourceRows, rows), Along(sourceColumns, columns));
    }

    /// <param name="source">[frames, source rows, source columns, width].</param>
    /// <param name="target">Receives [frames, rows, columns, width].</param>
    public void Pool(ReadOnlySpan<float> source, int frames, int width, Span<float> target)
    {
        for (int frame = 0, at = 0; frame < frames; frame++)
        {
            ReadOnlySpan<float> grid = source.Slice(frame * _sourceTokens * width, _sourceTokens * width);
            foreach (Neighbours row in _rows)
                foreach (Neighbours column in _columns)
                    Mix(grid, row, column, target.Slice(at++ * width, width));
        }
    }

    private void Mix(ReadOnlySpan<float> grid, Neighbours row, Neighbours column, Span<float> token)
    {
        token.Clear();
        Add(grid, row.First, column.First, (1 - row.Share) * (1 - column.Share), token);
        Add(grid, row.First, column.Second, (1 - row.Share) * column.Share, token);
        Add(grid, row.Second, column.First, row.Share * (1 - column.Share), token);
        Add(grid, row.Second, column.Second, row.Share * column.Share, token);
    }

    private void Add(ReadOnlySpan<float> grid, int row, int column, float share, Span<float> token) =>
        TensorPrimitives.MultiplyAdd(grid.Slice(((row * _sourceColumns) + column) * token.Length, token.Length), share, token, token);

    private static Neighbours[] Along(int source, int target)
    {
        float step = (float)source / target;
        return [.. Enumerable.Range(0, target).Select(i =>
        {
            float place = Math.Max(0, (step * (i + 0.5f)) - 0.5f);
            int first = Math.Min((int)place, source - 1);
            return new Neighbours(first, Math.Min(first + 1, source - 1), place - first);
        })];
    }

    /// <param name="Share">Of the second.</param>
    private readonly record struct Neighbours(int First, int Second, float Share);
}
