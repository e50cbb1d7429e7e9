using System.Globalization;

namespace Streaming.Server;

/// <summary>A size as people write it.</summary>
internal static class SizeText
{
    /// <summary>What a setting that holds one has to be.</summary>
    public const string Expected = "a size in bytes, or with K, M, G or T such as 8G";

    /// <summary>In bytes; null if it is no size above 0.</summary>
    public static long? Parse(string text)
    {
        int unit = text.Length == 0 ? -1 : "KMGT".IndexOf(char.ToUpperInvariant(text[^1]), StringComparison.Ordinal);
        int shift = 10 * (unit + 1);
        bool isNumber = long.TryParse(unit < 0 ? text : text[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out long number);
        return isNumber && number > 0 && number <= long.MaxValue >> shift ? number << shift : null;
    }
}
