using System.Numerics;

namespace Streaming.Compression.HoliTom;

/// <summary>Sets of places as bits, 64 to a word.</summary>
internal static class PlaceSet
{
    public static int Words(int places) => (places + 63) / 64;

    public static bool Has(ReadOnlySpan<ulong> set, int place) => (set[place >> 6] >> place & 1) != 0;

    public static void Add(Span<ulong> set, int place) => set[place >> 6] |= 1ul << place;

    public static void Remove(Span<ulong> set, int place) => set[place >> 6] &= ~(1ul << place);

    /// <summary>All places.</summary>
    public static void Fill(Span<ulong> set, int places)
    {
        set.Fill(ulong.MaxValue);
        if (places % 64 != 0)
            set[^1] = (1ul << places) - 1;
    }

    public static int Count(ReadOnlySpan<ulong> set)
    {
        int count = 0;
        foreach (ulong word in set)
            count += BitOperations.PopCount(word);
        return count;
    }
}
