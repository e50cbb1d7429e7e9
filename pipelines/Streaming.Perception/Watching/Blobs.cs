using Streaming.Models;

namespace Streaming.Perception;

/// <summary>Foreground -> the boxes of what hangs together in it and moves. Where something stood that has gone, nothing moves.</summary>
internal sealed class Blobs
{
    // Fewer cells are noise: about 20 x 20 pixels at 960 pixels of width.
    private const int LeastCells = 6;

    // Of its cells, those at its rim change from picture to picture, at walking pace about this share of all.
    private const float LeastMoving = 0.05f;

    // More of the picture at once is a change of light, not a thing.
    private const float LargestShare = 0.35f;

    // Cells that are this near to one another belong together: clothes may have the background's colour.
    private const int Gap = 2;

    private readonly int[] _labels = new int[Thumbnail.Count];
    private readonly Stack<int> _open = new();

    /// <summary>The boxes, the largest blob first.</summary>
    /// <param name="moving">[<see cref="Thumbnail.Count"/>]: which cells changed just now.</param>
    public IReadOnlyList<Box> Find(Foreground foreground, ReadOnlySpan<bool> moving)
    {
        Array.Clear(_labels);
        var found = new List<(int Cells, int Moving, Box Box)>();
        for (int start = 0; start < Thumbnail.Count; start++)
            if (foreground.Cells[start] && _labels[start] == 0)
                found.Add(Fill(foreground.Cells, moving, start));
        return
        [
            .. found.Where(blob => blob.Cells >= LeastCells && blob.Moving >= Math.Max(1, LeastMoving * blob.Cells) && blob.Box.Area <= LargestShare)
                .OrderByDescending(blob => blob.Cells).ThenBy(blob => blob.Box.Left).ThenBy(blob => blob.Box.Top).Select(blob => blob.Box),
        ];
    }

    private (int Cells, int Moving, Box Box) Fill(bool[] cells, ReadOnlySpan<bool> moving, int start)
    {
        int left = Thumbnail.Width, right = 0, top = Thumbnail.Height, bottom = 0, count = 0, changing = 0;
        _labels[start] = 1;
        _open.Push(start);
        while (_open.TryPop(out int cell))
        {
            int x = cell % Thumbnail.Width, y = cell / Thumbnail.Width;
            (left, right, top, bottom, count) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y), count + 1);
            changing += moving[cell] ? 1 : 0;
            for (int row = Math.Max(0, y - Gap); row <= Math.Min(Thumbnail.Height - 1, y + Gap); row++)
            {
                for (int column = Math.Max(0, x - Gap); column <= Math.Min(Thumbnail.Width - 1, x + Gap); column++)
                {
                    int next = row * Thumbnail.Width + column;
                    if (!cells[next] || _labels[next] != 0)
                        continue;
                    _labels[next] = 1;
                    _open.Push(next);
                }
            }
        }
        return (count, changing, new Box(
            left / (float)Thumbnail.Width, top / (float)Thumbnail.Height, (right + 1) / (float)Thumbnail.Width, (bottom + 1) / (float)Thumbnail.Height));
    }
}
