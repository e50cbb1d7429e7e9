using System.Text.Json.Serialization;

namespace Streaming.Contracts;

/// <summary>A part of the picture with a name: an area that things are in or not, or a line that they cross.</summary>
/// <param name="Name">1 to 32 letters, digits, dots, dashes and underscores.</param>
/// <param name="Points">Two for a line, three or more for an area; each [x, y] in shares of width and height, (0, 0) the upper left corner.</param>
public sealed record ZoneDocument(string? Name, IReadOnlyList<IReadOnlyList<double>>? Points);

/// <summary>Whether a stream's pictures are looked at for things and what they do.</summary>
[JsonConverter(typeof(SnakeCaseEnum<PerceptionState>))]
public enum PerceptionState
{
    /// <summary>The weights of the networks are not installed.</summary>
    Off,
    On,

    /// <summary>It failed in this session; the stream's notes say why.</summary>
    Failed,
}

/// <summary>Whether what is said in a stream is written into its notes.</summary>
[JsonConverter(typeof(SnakeCaseEnum<TranscriptState>))]
public enum TranscriptState
{
    /// <summary>No speech recogniser is configured (STREAMING_SPEECH), or the stream is not perceived.</summary>
    Off,
    On,

    /// <summary>It failed in this session; the stream's notes say why.</summary>
    Failed,
}

/// <summary>Which notes of a stream are asked for; null: all.</summary>
/// <param name="Class">Only about things of this class.</param>
/// <param name="Kind">Only of this kind, such as enter.</param>
/// <param name="Most">The most to return, the newest of them.</param>
public sealed record EventQuery(Moment? From, Moment? To, string? Class, string? Kind, int Most);

/// <summary>What is noted of a stream, in order of time.</summary>
/// <param name="Forgotten">Older notes of words that were given up.</param>
public sealed record EventList(IReadOnlyList<EventDocument> Events, long Forgotten);

/// <summary>A dated fact.</summary>
/// <param name="Kind">present, enter, leave, stop, go, cross, enter_zone, leave_zone, visit, text, clock, cut or say.</param>
/// <param name="Class">Of the thing it is about; null where it is about none.</param>
/// <param name="Number">Which thing of the stream; null where several old ones are told together.</param>
/// <param name="Count">How many things it tells of.</param>
/// <param name="Detail">What the kind's words end with: an edge and a way, a place, a zone, a colour with its share, or words that were read.</param>
/// <param name="Sure">0..1.</param>
/// <param name="Source">perception, model, transcript or user.</param>
/// <param name="FramesSeconds">The frames that show it: the first, the clearest, the last.</param>
/// <param name="Line">The same as one line.</param>
public sealed record EventDocument(
    double StartSeconds, double EndSeconds, DateTimeOffset Start, DateTimeOffset End, string Kind, string? Class, int? Number, int Count,
    string Detail, double Sure, string Source, IReadOnlyList<double> FramesSeconds, string Line);

/// <summary>Which counts of a stream are asked for.</summary>
/// <param name="Class">Null: all classes.</param>
/// <param name="Bucket">How much time one row tells of.</param>
public sealed record CountQuery(Moment? From, Moment? To, string? Class, TimeSpan Bucket);

/// <summary>How many things were seen in a stretch of a stream, as a whole and over time.</summary>
/// <param name="Totals">One for each class that was seen.</param>
/// <param name="Rows">In order of class and time. A stretch of time in which nothing of the class was in view has no row.</param>
public sealed record CountTable(double BucketSeconds, IReadOnlyList<TotalDocument> Totals, IReadOnlyList<CountRow> Rows);

/// <param name="Now">In view at the end of the stretch.</param>
/// <param name="SoFar">Different ones seen.</param>
/// <param name="AtMost">Most in view at once.</param>
/// <param name="LongestSeconds">The longest stay in view.</param>
/// <param name="BusiestMinute">Start of the minute in which most came into view.</param>
public sealed record TotalDocument(
    string Class, int Now, int SoFar, int AtMost, DateTimeOffset First, DateTimeOffset Last, double LongestSeconds, DateTimeOffset BusiestMinute, int BusiestCount);

/// <param name="LengthSeconds">Longer than asked for where the past is no longer known so finely.</param>
/// <param name="Entered">How many came into view.</param>
/// <param name="Left">How many went out of view.</param>
/// <param name="Most">Most in view at once.</param>
public sealed record CountRow(string Class, double StartSeconds, DateTimeOffset Start, double LengthSeconds, int Entered, int Left, int Most);

/// <summary>Where things stood, for how long.</summary>
/// <param name="Seconds">[rows, columns], the upper left cell first.</param>
public sealed record HeatDocument(int Columns, int Rows, IReadOnlyList<float> Seconds);
