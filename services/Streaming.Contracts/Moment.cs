using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>
/// A moment as callers write it: seconds since the start (12.5), seconds before now or before the end (-120), or a time of day on
/// a date (2026-11-21T09:30:00+01:00, which needs its offset or Z).
/// </summary>
[JsonConverter(typeof(MomentJson))]
public readonly record struct Moment
{
    /// <summary>Longest span that is meant: a century would be a typing error.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(3660);

    private Moment(TimeSpan? offset, DateTimeOffset? at) => (Offset, At) = (offset, at);

    /// <summary>Since the start; negative: before now or before the end. Null for a date.</summary>
    public TimeSpan? Offset { get; }

    public DateTimeOffset? At { get; }

    public static Moment Since(TimeSpan start) => new(start, null);

    public static Moment On(DateTimeOffset at) => new(null, at);

    /// <summary>As the offset from the start of a stream that began at <paramref name="start"/> and has run for <paramref name="length"/>.</summary>
    public TimeSpan Within(DateTimeOffset start, TimeSpan length) => this switch
    {
        { At: { } at } => at - start,
        { Offset: { } offset } when offset < TimeSpan.Zero => length + offset,
        _ => Offset ?? TimeSpan.Zero,
    };

    /// <summary>Null if the text is no moment. "-120s" and "-120" are the same.</summary>
    public static Moment? Parse(string text)
    {
        ReadOnlySpan<char> number = text.AsSpan().Trim();
        number = number.EndsWith("s", StringComparison.Ordinal) ? number[..^1] : number;
        if (double.TryParse(number, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds))
            return OfSeconds(seconds);
        bool isDate = DateTimeOffset.TryParseExact(
            text.Trim(), ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mmK"],
            CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset at);
        bool hasOffset = text.Contains('Z', StringComparison.OrdinalIgnoreCase) || text.LastIndexOfAny(['+', '-']) > "yyyy-MM-dd".Length;
        return isDate && hasOffset ? On(at) : null;
    }

    /// <summary>Null if nobody can mean it: not finite, or longer than ten years.</summary>
    public static Moment? OfSeconds(double seconds) =>
        double.IsFinite(seconds) && Math.Abs(seconds) <= Longest.TotalSeconds ? Since(TimeSpan.FromSeconds(seconds)) : null;
}

/// <summary>A number of seconds, or a text.</summary>
public sealed class MomentJson : JsonConverter<Moment>
{
    private const string Expected = "a moment is a number of seconds since the start, a negative number of seconds before now, or a date and time with its offset";

    public override Moment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.Number when reader.TryGetDouble(out double seconds) => Moment.OfSeconds(seconds) ?? throw new JsonException(Expected),
        JsonTokenType.String => Moment.Parse(reader.GetString()!) ?? throw new JsonException(Expected),
        _ => throw new JsonException(Expected),
    };

    public override void Write(Utf8JsonWriter writer, Moment value, JsonSerializerOptions options)
    {
        if (value.At is { } at)
            writer.WriteStringValue(at.ToString("O", CultureInfo.InvariantCulture));
        else
            writer.WriteNumberValue((value.Offset ?? TimeSpan.Zero).TotalSeconds);
    }
}
