using System.Globalization;

namespace Streaming.World;

/// <summary>Decides whether an answer is right: the words must be the same after normalisation; a time may be one second off.</summary>
public static class AnswerKey
{
    /// <summary>Frames are labelled with whole seconds and sampled every half second, so that one second is one step either way.</summary>
    private const int ToleranceSeconds = 1;

    public static bool IsRight(string given, string expected)
    {
        string a = Normalise(given), b = Normalise(expected);
        return a == b || (Seconds(a) is { } s && Seconds(b) is { } t && Math.Abs(s - t) <= ToleranceSeconds);
    }

    /// <summary>Lower case, one space between words, no full stop at the end, no article before a thing.</summary>
    public static string Normalise(string text)
    {
        string[] words = text.Trim().TrimEnd('.', '!').ToLowerInvariant().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return string.Join(' ', words.Where(w => w is not ("the" or "a" or "an")));
    }

    private static int? Seconds(string normalised)
    {
        string[] words = normalised.Split(' ');
        return words is ["at", var number, "s"] && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) ? seconds : null;
    }
}
