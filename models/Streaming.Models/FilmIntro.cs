using System.Globalization;

namespace Streaming.Models;

/// <summary>
/// The text that tells the model what film its frames are from. <c>{frames}</c> stands for how many there are, in words;
/// <c>{h:mm:ss}</c> for the film's length in hours, minutes and seconds, rounded down, with the days before where there are any.
/// </summary>
public sealed record FilmIntro(string Format)
{
    /// <param name="length">Where it is not known, the time of the last frame.</param>
    public string Text(int frames, TimeSpan length) => Format
        .Replace("{frames}", NumberWords.Of(frames), StringComparison.Ordinal)
        .Replace("{h:mm:ss}", Length(length), StringComparison.Ordinal);

    /// <summary>As Python writes a timedelta, which is what models have read.</summary>
    private static string Length(TimeSpan length)
    {
        string days = length.Days switch { 0 => "", 1 => "1 day, ", var many => $"{many} days, " };
        return string.Create(CultureInfo.InvariantCulture, $"{days}{length.Hours}:{length.Minutes:00}:{length.Seconds:00}");
    }
}
