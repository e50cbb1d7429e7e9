namespace Streaming.Compression;

/// <summary>A value and its index in one number that sorts by value, of equals the lower index first; sorting such numbers allocates nothing.</summary>
internal static class Ranking
{
    /// <summary>Ascending order of the result is descending order of <paramref name="value"/>.</summary>
    public static ulong HighestFirst(float value, int index)
    {
        // Floats order like their bits, the negative ones the other way round.
        uint bits = BitConverter.SingleToUInt32Bits(value);
        uint ascending = (bits & 0x8000_0000) != 0 ? ~bits : bits | 0x8000_0000;
        return (ulong)~ascending << 32 | (uint)index;
    }

    public static int IndexOf(ulong rank) => (int)(uint)rank;
}
