using System.Globalization;
using System.Text.RegularExpressions;

namespace Streaming.Compression.Recall;

/// <summary>The stretch of time that a question names, as far as it names one.</summary>
/// <remarks>Known are spans before now ("in the last two hours", "ten minutes ago"), the clock in the stream's time zone ("at 14:05",
/// "between 2 pm and 3 pm", "after 9:30", "since noon"), the calendar ("today", "yesterday", "this morning") and the stream's own
/// seconds ("at 90 s"). A time of day is that of the newest day on which it is not in the future.</remarks>
public static partial class TimeWords
{
    /// <summary>How much before and after a moment is meant by it: eight seconds each way are the sixteen that the shipped model is trained with at most.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(8);

    /// <summary>Of a span that is "ago", the share before and after that is meant.</summary>
    private const double AgoShare = 0.1;

    private static readonly string[] Numbers = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"];

    /// <summary>The stretch; null where none is named. It may begin before the stream did.</summary>
    /// <param name="now">The moment that the question is as of.</param>
    /// <param name="clock">Null: the stream knows no clock, only seconds since its start.</param>
    public static (TimeSpan From, TimeSpan To)? Of(string question, TimeSpan now, StreamClock? clock)
    {
        if (Last().Match(question) is { Success: true } last)
            return (now - Length(last), now);
        if (Ago().Match(question) is { Success: true } ago)
        {
            TimeSpan length = Length(ago), width = length * AgoShare > Around ? length * AgoShare : Around;
            return (now - length - width, Least(now, now - length + width));
        }
        if (Second().Match(question) is { Success: true } second)
        {
            TimeSpan at = TimeSpan.FromSeconds(int.Parse(second.Groups["n"].ValueSpan, CultureInfo.InvariantCulture));
            return (at - Around, Least(now, at + Around));
        }
        return clock is null ? null : OnTheClock(question, now, clock) ?? OnTheCalendar(question, now, clock);
    }

    /// <summary>A question without the words that name a time.</summary>
    public static string Without(string question)
    {
        foreach (Regex words in (Regex[])[Last(), Ago(), Second(), Between(), Clock(), Day()])
            question = words.Replace(question, "");
        return Spaces().Replace(question, " ").Replace(" ?", "?", StringComparison.Ordinal).Trim();
    }

    private static (TimeSpan From, TimeSpan To)? OnTheClock(string question, TimeSpan now, StreamClock clock)
    {
        if (Between().Match(question) is { Success: true } between && Time(between, "a") is { } a && Time(between, "b") is { } b)
        {
            TimeSpan from = Newest(a.Start, question, now, clock), to = Newest(b.Start, question, now, clock);
            return from <= to ? (from, to) : (Newest(a.Start - TimeSpan.FromDays(1), question, now, clock), to);
        }
        if (Clock().Match(question) is not { Success: true } named || Time(named, "a") is not { } time)
            return null;
        TimeSpan start = Newest(time.Start, question, now, clock);
        return named.Groups["word"].Value.ToLowerInvariant() switch
        {
            "after" or "since" or "from" => (start, now),
            "before" or "until" or "till" or "by" => (Midnight(start, clock), start),
            _ => (start, Least(now, start + time.Length)),
        };
    }

    private static (TimeSpan From, TimeSpan To)? OnTheCalendar(string question, TimeSpan now, StreamClock clock)
    {
        if (Day().Match(question) is not { Success: true } day)
            return null;
        DateTime today = clock.Local(now).Date;
        (DateTime from, double hours) = day.Value.ToLowerInvariant() switch
        {
            "yesterday" => (today.AddDays(-1), 24),
            "today" => (today, 24),
            var part when part.EndsWith("morning", StringComparison.Ordinal) => (today, 12),
            var part when part.EndsWith("afternoon", StringComparison.Ordinal) => (today.AddHours(12), 6d),
            var part when part.EndsWith("evening", StringComparison.Ordinal) => (today.AddHours(18), 6),
            _ => (today.AddHours(18), 12), // tonight
        };
        return (clock.At(from), Least(now, clock.At(from.AddHours(hours))));
    }

    /// <summary>The time of day on the newest day on which it has come, or on the day before where "yesterday" is said.</summary>
    private static TimeSpan Newest(TimeSpan timeOfDay, string question, TimeSpan now, StreamClock clock)
    {
        DateTime today = clock.Local(now).Date;
        TimeSpan at = clock.At(today + timeOfDay);
        bool isYesterday = Yesterday().IsMatch(question);
        return at > now || isYesterday ? clock.At(today.AddDays(-1) + timeOfDay) : at;
    }

    private static TimeSpan Midnight(TimeSpan time, StreamClock clock) => clock.At(clock.Local(time).Date);

    /// <summary>A time of day and how long it lasts as it is written: an hour, a minute or a second. Null if there is no such time.</summary>
    private static (TimeSpan Start, TimeSpan Length)? Time(Match match, string name)
    {
        string word = match.Groups[name].Value.ToLowerInvariant();
        if (word is "noon" or "midnight")
            return (TimeSpan.FromHours(word == "noon" ? 12 : 0), TimeSpan.FromMinutes(1));
        Match parts = TimeOfDay().Match(word);
        int hour = int.Parse(parts.Groups["h"].ValueSpan, CultureInfo.InvariantCulture);
        int minute = parts.Groups["m"].Success ? int.Parse(parts.Groups["m"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        int second = parts.Groups["s"].Success ? int.Parse(parts.Groups["s"].ValueSpan, CultureInfo.InvariantCulture) : 0;
        string half = parts.Groups["half"].Value;
        if (half.Length > 0 && hour is < 1 or > 12)
            return null;
        hour = half.Length == 0 ? hour : (hour % 12) + (half[0] == 'p' ? 12 : 0);
        if (hour > 23 || minute > 59 || second > 59)
            return null;
        TimeSpan length = parts.Groups["s"].Success ? TimeSpan.FromSeconds(1) : parts.Groups["m"].Success ? TimeSpan.FromMinutes(1) : TimeSpan.FromHours(1);
        return (new TimeSpan(hour, minute, second), length);
    }

    private static TimeSpan Length(Match match)
    {
        string number = match.Groups["n"].Value.ToLowerInvariant();
        double count = number switch
        {
            "" or "a" or "an" => 1,
            "half an" => 0.5,
            _ when Array.IndexOf(Numbers, number) is var word and >= 0 => word,
            _ => double.Parse(number, CultureInfo.InvariantCulture),
        };
        return count * match.Groups["unit"].Value.ToLowerInvariant()[0] switch
        {
            's' => TimeSpan.FromSeconds(1),
            'm' => TimeSpan.FromMinutes(1),
            'h' => TimeSpan.FromHours(1),
            'd' => TimeSpan.FromDays(1),
            _ => TimeSpan.FromDays(7),
        };
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;
    private const string Number = @"(?<n>\d{1,5}(?:\.\d{1,3})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half an|an?)";
    private const string Unit = @"(?<unit>seconds?|s|minutes?|mins?|hours?|h|days?|weeks?)";
    private const string DayTime = @"\d{1,2}:\d{2}(?::\d{2})?(?:\s?[ap]m)?|\d{1,2}\s?[ap]m|noon|midnight";

    [GeneratedRegex(@"\b(?:in|over|during|within|for)? ?the (?:last|past) (?:" + Number + @" )?" + Unit + @"\b", Options)]
    private static partial Regex Last();

    [GeneratedRegex(@"\b" + Number + " " + Unit + @" (?:ago|earlier)\b", Options)]
    private static partial Regex Ago();

    [GeneratedRegex(@"\bat (?:second )?(?<n>\d{1,9}) ?s(?:econds)?\b|\bat second (?<n>\d{1,9})\b", Options)]
    private static partial Regex Second();

    [GeneratedRegex(@"\b(?:between|from) (?<a>" + DayTime + @") (?:and|to|until|till) (?<b>" + DayTime + @")(?!\w)", Options)]
    private static partial Regex Between();

    [GeneratedRegex(@"\b(?<word>at|after|since|from|before|until|till|by|around|about) (?<a>" + DayTime + @")(?!\w)", Options)]
    private static partial Regex Clock();

    [GeneratedRegex(@"\A(?<h>\d{1,2})(?::(?<m>\d{2}))?(?::(?<s>\d{2}))?\s?(?<half>[ap]m)?\z", Options)]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"\s{2,}", Options)]
    private static partial Regex Spaces();

    [GeneratedRegex(@"\byesterday\b", Options)]
    private static partial Regex Yesterday();

    [GeneratedRegex(@"\b(?:today|yesterday|tonight|this (?:morning|afternoon|evening))\b", Options)]
    private static partial Regex Day();
}
