using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Net.Http.Headers;
using Streaming.Contracts;
using Streaming.Server.Access;
using Streaming.Server.Http.Access;
using Streaming.Perception;
using Streaming.Server.Streams;

namespace Streaming.Server.Http;

/// <summary>What is noted of a stream, as events, as numbers and as a picture.</summary>
internal static class PerceptionEndpoints
{
    /// <summary>How many events are listed where the caller names no number, and at most.</summary>
    private const int Usual = 1000, Most = 10_000;

    private static readonly TimeSpan ShortestBucket = TimeSpan.FromMinutes(1), LongestBucket = TimeSpan.FromDays(366);

    private const string Csv = "text/csv";

    public static void MapPerception(this IEndpointRouteBuilder routes)
    {
        RouteGroupBuilder stream = routes.MapGroup("/v1/streams/{name}").WithTags("Streams");
        stream.MapGet("/events", EventsAsync).Needs(Role.Viewer)
            .WithSummary("What came, went, stopped, crossed or could be read between two moments, in order of time: the newest \"most\" of them. As CSV where the Accept header or \"format\" says so.")
            .Produces<EventList>().Produces<string>(StatusCodes.Status200OK, Csv).Fails(ProblemKind.NotFound, ProblemKind.Invalid);
        stream.MapGet("/counts", CountsAsync).Needs(Role.Viewer)
            .WithSummary("How many things of a class, or of each, were seen between two moments, as a whole and in buckets of 1m, 15m, 1h, 1d and so on. As CSV where the Accept header or \"format\" says so.")
            .Produces<CountTable>().Produces<string>(StatusCodes.Status200OK, Csv).Fails(ProblemKind.NotFound, ProblemKind.Invalid);
        stream.MapGet("/heat.png", HeatAsync).Needs(Role.Viewer).WithSummary("Where things stood, for how long: the brighter the longer.")
            .Produces<byte[]>(StatusCodes.Status200OK, "image/png").Fails(ProblemKind.NotFound);
    }

    private static async Task<IResult> EventsAsync(
        HttpContext http, IStreamDirectory directory, string name, [FromQuery] string? from, [FromQuery] string? to,
        [FromQuery(Name = "class")] string? label, [FromQuery] string? kind, [FromQuery] string? most, [FromQuery] string? format)
    {
        if (kind is not null && !PerceptionAnswers.Kinds.Contains(kind))
            throw Wrong("kind", $"has to be one of {string.Join(", ", PerceptionAnswers.Kinds)}");
        int count = most is null ? Usual
            : int.TryParse(most, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number is >= 1 and <= Most ? number
            : throw Wrong("most", $"has to be a whole number from 1 to {Most}");
        bool isCsv = WantsCsv(http, format);
        var query = new EventQuery(MomentOf("from", from), MomentOf("to", to), LabelOf(label), kind, count);
        EventList events = RefusalException.Unwrap(await directory.EventsAsync(name, query, http.RequestAborted));
        return isCsv ? Text(CsvOf(events)) : TypedResults.Ok(events);
    }

    private static async Task<IResult> CountsAsync(
        HttpContext http, IStreamDirectory directory, string name, [FromQuery] string? from, [FromQuery] string? to,
        [FromQuery(Name = "class")] string? label, [FromQuery] string? bucket, [FromQuery] string? format)
    {
        bool isCsv = WantsCsv(http, format);
        var query = new CountQuery(MomentOf("from", from), MomentOf("to", to), LabelOf(label), BucketOf(bucket));
        CountTable counts = RefusalException.Unwrap(await directory.CountsAsync(name, query, http.RequestAborted));
        return isCsv ? Text(CsvOf(counts)) : TypedResults.Ok(counts);
    }

    private static async Task<FileContentHttpResult> HeatAsync(HttpContext http, IStreamDirectory directory, string name)
    {
        HeatDocument heat = RefusalException.Unwrap(await directory.HeatAsync(name, http.RequestAborted));
        http.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Bytes(HeatPicture.Draw(heat), "image/png");
    }

    private static Moment? MomentOf(string name, string? text) => text is null ? null
        : Moment.Parse(text) ?? throw Wrong(name, "has to be seconds since the start, negative seconds before now, or a date and time with its offset");

    private static string? LabelOf(string? label) => label is null || Thing.IsLabel(label) ? label : throw Wrong("class", "has to be the name of a class, such as car");

    /// <summary>A number and a unit: 1m, 15m, 1h, 1d; 90s is no whole minute and so refused.</summary>
    private static TimeSpan BucketOf(string? text)
    {
        if (text is null)
            return ShortestBucket;
        TimeSpan unit = text.Length < 2 ? default : text[^1] switch { 'm' => TimeSpan.FromMinutes(1), 'h' => TimeSpan.FromHours(1), 'd' => TimeSpan.FromDays(1), _ => default };
        bool isNumber = int.TryParse(text.AsSpan(0, Math.Max(0, text.Length - 1)), NumberStyles.None, CultureInfo.InvariantCulture, out int count);
        return isNumber && unit > TimeSpan.Zero && count >= 1 && count <= LongestBucket / unit
            ? unit * count
            : throw Wrong("bucket", "has to be a number of minutes, hours or days, such as 1m, 15m, 1h or 1d, up to a year");
    }

    private static bool WantsCsv(HttpContext http, string? format) => format switch
    {
        null => MediaTypeHeaderValue.TryParseList(http.Request.Headers.Accept, out IList<MediaTypeHeaderValue>? accepted)
            && accepted.FirstOrDefault()?.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase) == true,
        "json" => false,
        "csv" => true,
        _ => throw Wrong("format", "has to be json or csv"),
    };

    private static RefusalException Wrong(string name, string what) => new(StatusCodes.Status422UnprocessableEntity, $"{name} {what}", parameter: name);

    private static ContentHttpResult Text(string csv) => TypedResults.Text(csv, $"{Csv}; charset=utf-8; header=present");

    private static string CsvOf(CountTable counts) => Table(
        "class,start,start_seconds,length_seconds,entered,left,most",
        counts.Rows.Select(row => new object[] { row.Class, row.Start, row.StartSeconds, row.LengthSeconds, row.Entered, row.Left, row.Most }));

    private static string CsvOf(EventList events) => Table(
        "start,end,start_seconds,end_seconds,kind,class,number,count,detail,sure,source",
        events.Events.Select(one => new object[]
        {
            one.Start, one.End, one.StartSeconds, one.EndSeconds, one.Kind, one.Class ?? "", one.Number?.ToString(CultureInfo.InvariantCulture) ?? "", one.Count, one.Detail, one.Sure, one.Source,
        }));

    /// <summary>RFC 4180: lines end with CR LF, and what holds a comma, a quote or a line's end stands in quotes.</summary>
    private static string Table(string head, IEnumerable<object[]> rows)
    {
        var text = new StringBuilder(head).Append("\r\n");
        foreach (object[] row in rows)
            text.AppendJoin(',', row.Select(Cell)).Append("\r\n");
        return text.ToString();
    }

    private static string Cell(object value)
    {
        string text = value is DateTimeOffset at ? at.ToString("O", CultureInfo.InvariantCulture) : Convert.ToString(value, CultureInfo.InvariantCulture)!;
        // A spreadsheet would compute what begins like this; words that a camera reads are anybody's.
        if (value is string && text.Length > 0 && text[0] is '=' or '+' or '-' or '@')
            text = "'" + text;
        return text.AsSpan().IndexOfAny(",\"\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}
