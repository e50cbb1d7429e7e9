namespace Streaming.Compression.Tests.HoliTom;

/// <summary>The generator that the golden volumes are made with: x ← (1664525 x + 1013904223) mod 2³², value = (x >> 8) / 2²⁴ - 0.5.</summary>
internal static class Lcg
{
    public static float[] Values(long seed, int count)
    {
        uint x = (uint)seed;
        var values = new float[count];
        for (int i = 0; i < count; i++)
        {
            x = 1664525 * x + 1013904223;
            values[i] = (float)((x >> 8) / 16777216.0 - 0.5);
        }
        return values;
    }
}
