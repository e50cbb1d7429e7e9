using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Streaming.Perception;

/// <summary>The one grammar of notes: a note is one line, and reading a written line gives the same note.</summary>
/// <remarks>
/// <code>
/// line    = from "-" to " s " source " " sure "%: " fact [" @" first "," clearest "," last]
/// from, to, first, clearest, last = seconds since the start of the stream, at most three decimals
/// source  = "perception" | "model" | "transcript" | "user"
/// sure    = 0..100                                        0: it is superseded; of what a user says, to is then how long it held
/// fact    = thing " is there"     [place]                  was there when looking began
///         | thing " enters"       edge [" going " way]      edge: left | right | top | bottom | inside (no edge: it appeared)
///         | thing " leaves"       edge [" going " way]
///         | thing " stops"        [place]                  place: nine parts of the picture, such as top left, middle
///         | thing " goes on"      [way]                    way: left | right | up | down, or two of them: up left
///         | thing " crosses"      line ("forwards" | "backwards")   from its first to its second point, left to right is forwards
///         | thing " enters zone"  zone
///         | thing " leaves zone"  zone
///         | thing " is seen"      [colour share "%"] [edge " to " edge]    the whole stay
///         | thing " in all"       totals                   see <see cref="ClassTotal"/>
///         | "reads" text | "clock" text | "says" text      text: in double quotes, with \" \\ \n and \u0000 inside
///         | "cut"
/// thing   = label " #" number                              one, by its number in the stream
///         | label " x" times                               several that are told together
/// </code>
/// Without its frames a line says: they are at from and to. Example:
/// <c>12.4-13.2 s perception 81%: car #3 enters left going right @12.4,12.8,13.2</c>
/// </remarks>
public static partial class NoteLine
{
    public static string Write(Note note) => note.Sights == new Sights(note.From, note.From, note.To)
        ? Told(note)
        : $"{Told(note)} @{Seconds(note.Sights.First)},{Seconds(note.Sights.Clearest)},{Seconds(note.Sights.Last)}";

    /// <summary>The line without its frames, as a language model reads it.</summary>
    public static string Told(Note note) => string.Create(
        CultureInfo.InvariantCulture, $"{Seconds(note.From)}-{Seconds(note.To)} s {Word(note.Source)} {note.Sure}%: {Of(note.Fact)}");

    /// <summary>Null if the line is no note.</summary>
    public static Note? Read(string line)
    {
        if (Line().Match(line) is not { Success: true } match || ReadFact(match.Groups["fact"].Value) is not { } fact)
            return null;
        TimeSpan? from = ReadSeconds(match.Groups["from"].ValueSpan), to = ReadSeconds(match.Groups["to"].ValueSpan);
        int sure = int.Parse(match.Groups["sure"].ValueSpan, CultureInfo.InvariantCulture);
        if (from is null || to is null || to < from || sure > 100 || !ReadSights(match.Groups["sights"], out Sights? sights))
            return null;
        return new Note(from.Value, to.Value, Enum.Parse<NoteSource>(match.Groups["source"].ValueSpan, ignoreCase: true), sure, fact, sights);
    }

    /// <summary>Seconds with as many decimals as they need, three at most.</summary>
    public static string Seconds(TimeSpan time) => ((decimal)time.Ticks / TimeSpan.TicksPerSecond).ToString("0.###", CultureInfo.InvariantCulture);

    /// <summary>Null where the text is no number of seconds as <see cref="Seconds"/> writes it, or a stream of a century.</summary>
    public static TimeSpan? ReadSeconds(ReadOnlySpan<char> text)
    {
        const decimal century = 100 * 366 * 86_400m;
        return decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds) && seconds <= century
            ? new TimeSpan((long)(seconds * TimeSpan.TicksPerSecond))
            : null;
    }

    private static string Word(NoteSource source) => source.ToString().ToLowerInvariant();

    /// <summary>What a note says, without when, who and how sure.</summary>
    public static string Of(Fact fact)
    {
        string detail = FactWords.IsQuoted(fact.Kind) ? Quote(fact.Detail) : fact.Detail;
        return string.Join(' ', new[] { fact.Thing?.ToString() ?? "", FactWords.Of(fact.Kind), detail }.Where(part => part.Length > 0));
    }

    private static Fact? ReadFact(string text)
    {
        Match about = About().Match(text);
        if (FactWords.Read(about.Success ? about.Groups["rest"].Value : text) is not { } read || FactWords.HasThing(read.Kind) != about.Success)
            return null;
        string? detail = FactWords.IsQuoted(read.Kind) ? Unquote(read.After) : read.After;
        try
        {
            return detail is null ? null : new Fact(read.Kind, about.Success ? ReadThing(about) : null, detail);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static Thing? ReadThing(Match about)
    {
        string label = about.Groups["label"].Value;
        return int.TryParse(about.Groups["number"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
            ? Thing.One(label, number)
            : Thing.Several(label, int.TryParse(about.Groups["times"].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int times) ? times : 0);
    }

    private static bool ReadSights(Group group, out Sights? sights)
    {
        sights = null;
        if (!group.Success)
            return true;
        TimeSpan?[] times = [.. group.Value.Split(',').Select(time => ReadSeconds(time))];
        if (times is [{ } first, { } clearest, { } last])
            sights = new Sights(first, clearest, last);
        return sights is not null;
    }

    private static string Quote(string text)
    {
        var quoted = new StringBuilder("\"");
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            _ = c switch
            {
                '"' or '\\' => quoted.Append('\\').Append(c),
                '\n' => quoted.Append("\\n"),
                _ when char.IsControl(c) || IsLone(text, i) || c is '\u2028' or '\u2029' => quoted.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => quoted.Append(c),
            };
        }
        return quoted.Append('"').ToString();
    }

    /// <summary>Whether half of a surrogate pair stands there alone, which no encoding can write.</summary>
    private static bool IsLone(string text, int index) => char.IsSurrogate(text[index])
        && !(index + 1 < text.Length && char.IsSurrogatePair(text[index], text[index + 1]))
        && !(index > 0 && char.IsSurrogatePair(text[index - 1], text[index]));

    private static string? Unquote(string text) => Quoted().Match(text) is not { Success: true } match ? null : Escape().Replace(match.Groups["text"].Value, escape => escape.Value switch
    {
        "\\n" => "\n",
        ['\\', 'u', .. var code] => ((char)ushort.Parse(code, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture)).ToString(),
        var other => other[1..],
    });

    [GeneratedRegex(@"\A(?<from>[\d.]+)-(?<to>[\d.]+) s (?<source>perception|model|transcript|user) (?<sure>\d{1,3})%: (?<fact>[^\r\n]*?)(?: @(?<sights>[\d.,]+))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Line();

    [GeneratedRegex(@"\A(?<label>[^""#]*?) (?:#(?<number>\d{1,9})|x(?<times>\d{1,9})) (?<rest>.*)\z", RegexOptions.CultureInvariant)]
    private static partial Regex About();

    [GeneratedRegex(@"\A""(?<text>(?:[^""\\]|\\[""\\n]|\\u[0-9a-f]{4})*)""\z", RegexOptions.CultureInvariant)]
    private static partial Regex Quoted();

    [GeneratedRegex(@"\\(?:u[0-9a-f]{4}|.)", RegexOptions.CultureInvariant)]
    private static partial Regex Escape();
}
