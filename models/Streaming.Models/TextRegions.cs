namespace Streaming.Models;

/// <summary>The last step of a differentiable-binarisation text detector (DB): a map of how likely each pixel belongs to the shrunken core
/// of a line of text -> upright boxes around whole lines.</summary>
/// <remarks>The constants are those of PP-OCRv4's own post-processing. Boxes are upright: slanted lines are read badly or not at all.</remarks>
public static class TextRegions
{
    private const float Binary = 0.3f, LeastMean = 0.5f, Unclip = 1.6f;
    private const int LeastSide = 3;

    /// <param name="likely">[height, width] 0..1.</param>
    /// <param name="most">The most lines; the likeliest are kept.</param>
    /// <returns>From top to bottom, in shares of the map.</returns>
    public static IReadOnlyList<Box> Find(ReadOnlySpan<float> likely, int width, int height, int most)
    {
        var seen = new bool[width * height];
        var open = new Stack<int>();
        var found = new List<(float Mean, Box Box)>();
        for (int start = 0; start < seen.Length; start++)
        {
            if (seen[start] || likely[start] <= Binary)
                continue;
            var (left, top, right, bottom) = Fill(likely, width, height, start, seen, open);
            int across = right - left + 1, down = bottom - top + 1;
            float mean = Mean(likely, width, left, top, right, bottom);
            if (Math.Min(across, down) < LeastSide || mean < LeastMean)
                continue;
            float margin = across * down * Unclip / (2 * (across + down));
            found.Add((mean, new Box((left - margin) / width, (top - margin) / height, (right + 1 + margin) / width, (bottom + 1 + margin) / height).InPicture()));
        }
        return [.. found.OrderByDescending(line => line.Mean).Take(most).Select(line => line.Box).OrderBy(box => box.Top).ThenBy(box => box.Left)];
    }

    private static (int Left, int Top, int Right, int Bottom) Fill(ReadOnlySpan<float> likely, int width, int height, int start, bool[] seen, Stack<int> open)
    {
        int left = width, top = height, right = 0, bottom = 0;
        seen[start] = true;
        open.Push(start);
        while (open.TryPop(out int at))
        {
            int x = at % width, y = at / width;
            (left, top, right, bottom) = (Math.Min(left, x), Math.Min(top, y), Math.Max(right, x), Math.Max(bottom, y));
            for (int row = Math.Max(0, y - 1); row <= Math.Min(height - 1, y + 1); row++)
            {
                for (int column = Math.Max(0, x - 1); column <= Math.Min(width - 1, x + 1); column++)
                {
                    int next = row * width + column;
                    if (seen[next] || likely[next] <= Binary)
                        continue;
                    seen[next] = true;
                    open.Push(next);
                }
            }
        }
        return (left, top, right, bottom);
    }

    private static float Mean(ReadOnlySpan<float> likely, int width, int left, int top, int right, int bottom)
    {
        double sum = 0;
        for (int y = top; y <= bottom; y++)
            foreach (float value in likely.Slice(y * width + left, right - left + 1))
                sum += value;
        return (float)(sum / ((right - left + 1) * (bottom - top + 1)));
    }
}
