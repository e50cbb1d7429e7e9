using System.Numerics.Tensors;

namespace Streaming.Models;

/// <summary>What flows from one layer of a language model to the next while it reads a prompt: one row a token.</summary>
/// <remarks>Invariant: every term has <see cref="Count"/> rows of one width, positions ascend, and visual indices ascend.</remarks>
public sealed class HiddenRows
{
    private readonly int _width;

    /// <param name="terms">Row-major [tokens, width] each; the rows are their sum.</param>
    /// <param name="positions">Each token's position in the prompt, [tokens].</param>
    /// <param name="visual">Which rows are visual tokens.</param>
    public HiddenRows(IReadOnlyList<float[]> terms, long[] positions, int[] visual)
    {
        _width = positions.Length == 0 ? 0 : terms[0].Length / positions.Length;
        if (terms.Any(term => term.Length != _width * positions.Length))
            throw new ArgumentException($"{positions.Length} tokens of {string.Join(" and ", terms.Select(term => term.Length))} numbers.", nameof(terms));
        (Terms, Positions, Visual) = (terms, positions, visual);
    }

    public int Count => Positions.Length;

    public IReadOnlyList<float[]> Terms { get; }

    public long[] Positions { get; }

    public int[] Visual { get; }

    /// <summary>The same tokens after some layers more.</summary>
    public HiddenRows With(IReadOnlyList<float[]> terms) => new(terms, Positions, Visual);

    /// <summary>Lets the visual tokens with the most attention go on, the earlier of equals, and all that are not visual. Order and positions stay.</summary>
    /// <param name="attention">What the last token pays each, [.., tokens]: the leading axes, such as heads, are added up.</param>
    /// <param name="keep">How many visual tokens go on.</param>
    public HiddenRows Reduce(ReadOnlySpan<float> attention, int keep, DroppedToken dropped)
    {
        if (attention.Length == 0 || attention.Length % Count != 0)
            throw new ArgumentException($"{attention.Length} attentions for {Count} tokens.", nameof(attention));
        if (keep >= Visual.Length)
            return this;
        var total = new float[Count];
        for (int head = 0; head < attention.Length; head += Count)
            TensorPrimitives.Add(total, attention.Slice(head, Count), total);
        int[] ranked = [.. Visual.OrderByDescending(row => total[row])];
        int[] kept = [.. ranked[..keep].Order()], lost = [.. ranked[keep..].Order()];
        float[][] terms = [.. Terms.Select(term => (float[])term.Clone())];
        if (dropped != DroppedToken.Forgotten && keep > 0)
            Join(terms, lost, Nearest(lost, kept), dropped);
        int[] staying = [.. Enumerable.Range(0, Count).Except(lost)];
        var index = staying.Index().ToDictionary(pair => pair.Item, pair => pair.Index);
        return new HiddenRows(
            [.. terms.Select(term => Take(term, staying))], [.. staying.Select(row => Positions[row])], [.. kept.Select(row => index[row])]);
    }

    /// <summary>For each lost row the kept one of highest cosine, the earlier of equals.</summary>
    private int[] Nearest(int[] lost, int[] kept)
    {
        float[] candidates = Directions(kept), rows = Directions(lost);
        var nearest = new int[lost.Length];
        for (int i = 0; i < lost.Length; i++)
        {
            float best = float.NegativeInfinity;
            for (int j = 0; j < kept.Length; j++)
            {
                float cosine = TensorPrimitives.Dot<float>(rows.AsSpan(i * _width, _width), candidates.AsSpan(j * _width, _width));
                if (cosine > best)
                    (best, nearest[i]) = (cosine, kept[j]);
            }
        }
        return nearest;
    }

    /// <summary>The rows scaled to length 1.</summary>
    private float[] Directions(int[] rows)
    {
        var directions = new float[rows.Length * _width];
        for (int i = 0; i < rows.Length; i++)
        {
            Span<float> direction = directions.AsSpan(i * _width, _width);
            foreach (float[] term in Terms)
                TensorPrimitives.Add(direction, term.AsSpan(rows[i] * _width, _width), direction);
            float length = TensorPrimitives.Norm<float>(direction);
            if (length > 0)
                TensorPrimitives.Divide(direction, length, direction);
        }
        return directions;
    }

    /// <summary>Both ways to join are linear, so each term is joined by itself.</summary>
    private void Join(float[][] terms, int[] lost, int[] targets, DroppedToken dropped)
    {
        foreach (float[] term in terms)
        {
            for (int i = 0; i < lost.Length; i++)
            {
                Span<float> target = term.AsSpan(targets[i] * _width, _width);
                TensorPrimitives.Add(target, term.AsSpan(lost[i] * _width, _width), target);
                if (dropped == DroppedToken.Halved)
                    TensorPrimitives.Multiply(target, 0.5f, target);
            }
            if (dropped == DroppedToken.Averaged)
                foreach (var (target, joined) in targets.CountBy(target => target))
                    TensorPrimitives.Divide(term.AsSpan(target * _width, _width), joined + 1, term.AsSpan(target * _width, _width));
        }
    }

    private float[] Take(float[] term, int[] rows)
    {
        var taken = new float[rows.Length * _width];
        for (int i = 0; i < rows.Length; i++)
            term.AsSpan(rows[i] * _width, _width).CopyTo(taken.AsSpan(i * _width));
        return taken;
    }
}
