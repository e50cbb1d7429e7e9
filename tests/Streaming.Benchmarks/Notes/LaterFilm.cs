using System.Globalization;
using System.Text.RegularExpressions;
using Streaming.Compression;
using Streaming.Models;
using Streaming.World;

namespace Streaming.Benchmarks.Notes;

/// <summary>What was seen of a film, as if it had begun a whole number of seconds later.</summary>
internal sealed partial class LaterFilm
{
    private readonly int _seconds;

    private LaterFilm(MemorySnapshot memory, int seconds) => (Memory, _seconds) = (memory, seconds);

    public MemorySnapshot Memory { get; }

    /// <summary>The film ends with a stretch, or begins with the stream if it is longer.</summary>
    public static LaterFilm Ending(MemorySnapshot memory, TimeSpan length, TimeSpan end)
    {
        int seconds = Math.Max(0, (int)Math.Floor((end - length).TotalSeconds));
        TimeSpan later = TimeSpan.FromSeconds(seconds);
        var moved = new StreamMemory(new MemoryOptions());
        foreach (MemoryEntry entry in memory.Entries)
        {
            TokenOrigin[] origins = [.. entry.Tokens.Origins.ToArray().Select(origin => origin with { Time = origin.Time + later })];
            var tokens = new VisualTokens(entry.Tokens.Hidden, entry.Tokens.Features, origins, entry.Tokens.Weights, entry.Tokens.Saliency);
            moved.Write(new MemoryEntry(entry.Keyframe with { Time = entry.Keyframe.Time + later }, tokens));
        }
        return new LaterFilm(moved.Snapshot, seconds);
    }

    /// <summary>A question about the film in the seconds of the later one.</summary>
    public FilmQuestion Of(FilmQuestion question) => question with
    {
        Question = Later(question.Question),
        Answer = Later(question.Answer),
        FromSeconds = question.FromSeconds + _seconds,
        ToSeconds = question.ToSeconds + _seconds,
    };

    private string Later(string text) => Moment().Replace(
        text, match => string.Create(CultureInfo.InvariantCulture, $"at {int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) + _seconds} s"));

    [GeneratedRegex(@"\bat (\d+) s\b")]
    private static partial Regex Moment();
}
