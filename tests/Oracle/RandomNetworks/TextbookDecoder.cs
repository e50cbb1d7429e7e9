namespace Streaming.Oracle.RandomNetworks;

/// <summary>What happens to the visual tokens below a layer, in the words of the papers: how many stay, and whether the others join them.</summary>
public sealed record TextbookCut(int Layer, int Keep, bool Merge);

/// <summary>The network that <see cref="RandomDecoder"/> draws, in plain loops: slow, and written from the formulas alone.</summary>
internal sealed class TextbookDecoder(DecoderShape shape, RandomWeights weights)
{
    private readonly List<double[]>[] _keys = Lists(shape.Layers), _values = Lists(shape.Layers);

    /// <summary>How many tokens each layer's cache holds.</summary>
    public IEnumerable<int> CacheLengths => _keys.Select(keys => keys.Count);

    /// <summary>Reads rows [hidden] at their positions and returns the logits after the last.</summary>
    /// <param name="visual">Which rows are visual tokens; they and their number may shrink at the cuts.</param>
    public double[] Read(List<double[]> rows, List<int> positions, IReadOnlyList<int> visual, IReadOnlyList<TextbookCut> cuts)
    {
        var (x, at, seen) = (rows, positions, visual.ToHashSet());
        double[] attention = [];
        for (int layer = 0; layer < shape.Layers; layer++)
        {
            if (cuts.FirstOrDefault(cut => cut.Layer == layer) is { } cut)
                (x, at, seen) = Reduce(x, at, seen, attention, cut);
            (x, attention) = Layer(layer, x, at);
        }
        return Map("lm_head", Norm("/norm", x[^1]), shape.Vocabulary);
    }

    /// <summary>One layer, with what its last row attends to, averaged over heads.</summary>
    private (List<double[]> Rows, double[] Attention) Layer(int layer, List<double[]> rows, List<int> positions)
    {
        string name = $"/layers.{layer}";
        int past = _keys[layer].Count, share = shape.Heads / shape.Groups, width = shape.Width;
        double[][] queries = new double[rows.Count][];
        for (int i = 0; i < rows.Count; i++)
        {
            double[] normed = Norm($"{name}/norm1", rows[i]);
            queries[i] = Rotate(Map($"{name}/attn/q", normed, shape.Hidden), positions[i]);
            _keys[layer].Add(Rotate(Map($"{name}/attn/k", normed, shape.Groups * width), positions[i]));
            _values[layer].Add(Map($"{name}/attn/v", normed, shape.Groups * width));
        }
        var result = new List<double[]>();
        double[] last = [];
        for (int i = 0; i < rows.Count; i++)
        {
            var mixed = new double[shape.Hidden];
            last = new double[past + i + 1];
            for (int head = 0; head < shape.Heads; head++)
            {
                int group = head / share;
                double[] paid = Softmax([.. Enumerable.Range(0, past + i + 1).Select(j =>
                    Enumerable.Range(0, width).Sum(k => queries[i][(head * width) + k] * _keys[layer][j][(group * width) + k]) / Math.Sqrt(width))]);
                for (int j = 0; j < paid.Length; j++)
                {
                    last[j] += paid[j] / shape.Heads;
                    for (int k = 0; k < width; k++)
                        mixed[(head * width) + k] += paid[j] * _values[layer][j][(group * width) + k];
                }
            }
            double[] x = Sum(rows[i], Map($"{name}/attn/o", mixed, shape.Hidden));
            double[] normed = Norm($"{name}/norm2", x), gate = Map($"{name}/mlp/gate", normed, shape.Inner), up = Map($"{name}/mlp/up", normed, shape.Inner);
            double[] gated = [.. gate.Zip(up, (g, u) => g / (1 + Math.Exp(-g)) * u)];
            result.Add(Sum(x, Map($"{name}/mlp/down", gated, shape.Hidden)));
        }
        return (result, last);
    }

    private static (List<double[]>, List<int>, HashSet<int>) Reduce(
        List<double[]> rows, List<int> positions, HashSet<int> visual, double[] attention, TextbookCut cut)
    {
        var best = visual.OrderByDescending(i => attention[i]).Take(cut.Keep).ToHashSet();
        var groups = best.ToDictionary(i => i, i => new List<double[]> { rows[i] });
        foreach (int lost in visual.Except(best))
            groups[best.MaxBy(kept => Cosine(rows[kept], rows[lost]))].Add(rows[lost]);
        int[] staying = [.. Enumerable.Range(0, rows.Count).Where(i => !visual.Contains(i) || best.Contains(i))];
        return (
            [.. staying.Select(i => cut.Merge && best.Contains(i) ? Mean(groups[i]) : rows[i])],
            [.. staying.Select(i => positions[i])],
            [.. Enumerable.Range(0, staying.Length).Where(i => best.Contains(staying[i]))]);
    }

    private double[] Map(string name, double[] x, int to)
    {
        float[] matrix = weights[$"{name}.weight"], bias = name.EndsWith("/q", StringComparison.Ordinal) || name.EndsWith("/k", StringComparison.Ordinal)
            || name.EndsWith("/v", StringComparison.Ordinal) ? weights[$"{name}.bias"] : new float[to];
        double[] y = [.. bias.Select(value => (double)value)];
        for (int i = 0; i < x.Length; i++)
            for (int j = 0; j < to; j++)
                y[j] += x[i] * matrix[(i * to) + j];
        return y;
    }

    private double[] Norm(string name, double[] x)
    {
        double root = Math.Sqrt((x.Sum(value => value * value) / x.Length) + DecoderShape.Epsilon);
        return [.. x.Zip(weights[$"{name}.weight"], (value, weight) => value / root * weight)];
    }

    /// <summary>Each head's halves are the two coordinates of as many planes.</summary>
    private double[] Rotate(double[] x, int position)
    {
        int width = shape.Width;
        var turned = new double[x.Length];
        for (int i = 0; i < x.Length; i++)
        {
            int plane = i % width % (width / 2);
            double angle = position * Math.Pow(DecoderShape.Theta, -2.0 * plane / width);
            turned[i] = i % width < width / 2
                ? (x[i] * Math.Cos(angle)) - (x[i + (width / 2)] * Math.Sin(angle))
                : (x[i] * Math.Cos(angle)) + (x[i - (width / 2)] * Math.Sin(angle));
        }
        return turned;
    }

    private static double[] Softmax(double[] x)
    {
        double most = x.Max(), sum = x.Sum(value => Math.Exp(value - most));
        return [.. x.Select(value => Math.Exp(value - most) / sum)];
    }

    private static double Cosine(double[] a, double[] b) => Dot(a, b) / Math.Sqrt(Dot(a, a) * Dot(b, b));

    private static double Dot(double[] a, double[] b) => a.Zip(b, (x, y) => x * y).Sum();

    private static double[] Sum(double[] a, double[] b) => [.. a.Zip(b, (x, y) => x + y)];

    private static double[] Mean(List<double[]> rows) => [.. Enumerable.Range(0, rows[0].Length).Select(i => rows.Average(row => row[i]))];

    private static List<double[]>[] Lists(int count) => [.. Enumerable.Range(0, count).Select(_ => new List<double[]>())];
}
