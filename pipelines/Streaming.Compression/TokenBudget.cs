namespace Streaming.Compression;

/// <summary>Shares out a number of tokens by weight, exactly.</summary>
public static class TokenBudget
{
    /// <summary>
    /// Gives every group its share of <paramref name="total"/> in proportion to its weight, at most its size: whole shares first, then what
    /// is left over by largest remainder, of equals to the earlier group; what a full group cannot take goes to the others.
    /// The shares add up to the lesser of <paramref name="total"/> and all sizes of groups with weight.
    /// </summary>
    /// <param name="least">What every group with weight gets first, where its size and the total allow.</param>
    /// <param name="sizes">[groups].</param>
    /// <param name="weights">[groups], not negative.</param>
    /// <param name="shares">[groups], filled in.</param>
    public static void Share(int total, ReadOnlySpan<int> least, ReadOnlySpan<int> sizes, ReadOnlySpan<double> weights, Span<int> shares)
    {
        int left = total;
        for (int group = 0; group < sizes.Length; group++)
        {
            shares[group] = weights[group] > 0 ? Math.Min(Math.Min(least[group], sizes[group]), left) : 0;
            left -= shares[group];
        }
        while (left > 0 && ShareOnce(ref left, sizes, weights, shares))
        {
        }
    }

    /// <summary>One round over the groups with room; false if there is none.</summary>
    private static bool ShareOnce(ref int left, ReadOnlySpan<int> sizes, ReadOnlySpan<double> weights, Span<int> shares)
    {
        double weight = 0;
        for (int group = 0; group < sizes.Length; group++)
            weight += shares[group] < sizes[group] ? weights[group] : 0;
        if (weight <= 0)
            return false;
        int round = left;
        for (int group = 0; group < sizes.Length; group++)
        {
            int room = sizes[group] - shares[group];
            int whole = Math.Min(room, (int)(round * (weights[group] / weight)));
            if (room > 0 && whole > 0)
                (shares[group], left) = (shares[group] + whole, left - whole);
        }
        if (left == round || left < sizes.Length)
            GiveRemainders(ref left, round, weight, sizes, weights, shares);
        return true;
    }

    /// <summary>One token each to the groups with room whose share was cut off most, until none is left.</summary>
    private static void GiveRemainders(ref int left, int round, double weight, ReadOnlySpan<int> sizes, ReadOnlySpan<double> weights, Span<int> shares)
    {
        double before = double.PositiveInfinity;
        int beforeGroup = -1;
        while (left > 0)
        {
            (double best, int bestGroup) = (-1, -1);
            for (int group = 0; group < sizes.Length; group++)
            {
                double share = round * (weights[group] / weight), remainder = share - Math.Floor(share);
                bool comesLater = remainder < before || (remainder == before && group > beforeGroup);
                if (weights[group] > 0 && shares[group] < sizes[group] && comesLater && remainder > best)
                    (best, bestGroup) = (remainder, group);
            }
            if (bestGroup < 0)
                return;
            shares[bestGroup]++;
            left--;
            (before, beforeGroup) = (best, bestGroup);
        }
    }
}
