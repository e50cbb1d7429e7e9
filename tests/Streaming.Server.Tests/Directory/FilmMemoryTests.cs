using Streaming.Compression;
using Streaming.Models;
using Streaming.Server.Films;

namespace Streaming.Server.Tests;

public sealed class FilmMemoryTests
{
    private const int Keyframes = 400, Hidden = 2;
    private static readonly MemoryOptions Options = new() { Budget = 64, RecentEntries = 4 };

    private readonly MemoryEntry[] _film = [.. Enumerable.Range(0, Keyframes).Select(Entry)];
    private int _read;

    [Fact]
    public void AsOf_any_moment_in_any_order_is_the_memory_that_was_written_up_to_there()
    {
        FilmMemory memory = Over();
        foreach (double second in (double[])[150, 399, 20.5, 150, 0, 201, 1000, 200, 99.9])
            AssertSame(Plain(second), memory.AsOf(TimeSpan.FromSeconds(second), Options));
        AssertSame(Plain(1000), memory.AsOf(null, Options));
        Assert.Empty(memory.AsOf(TimeSpan.FromSeconds(-1), Options).Entries);
    }

    [Fact]
    public void AsOf_after_the_whole_film_reads_a_quarter_of_it_at_most()
    {
        FilmMemory memory = Over();
        memory.AsOf(null, Options);
        Assert.Equal(Keyframes, _read);
        for (int second = 0; second < Keyframes; second += 13)
        {
            _read = 0;
            memory.AsOf(TimeSpan.FromSeconds(second), Options);
            Assert.InRange(_read, 0, Keyframes / 4);
        }
        _read = 0;
        memory.AsOf(null, Options);
        Assert.Equal(0, _read);
    }

    [Fact]
    public void AsOf_other_options_is_another_memory()
    {
        FilmMemory memory = Over();
        memory.AsOf(null, Options);
        Assert.InRange(memory.AsOf(null, Options with { Budget = 16 }).Tokens, 1, 16);
    }

    private FilmMemory Over() => new([.. _film.Select(entry => entry.Time)], first => _film.Skip(first).Select(entry =>
    {
        _read++;
        return entry;
    }));

    private MemorySnapshot Plain(double second)
    {
        var memory = new StreamMemory(Options);
        foreach (MemoryEntry entry in _film.Where(entry => entry.Time.TotalSeconds <= second))
            memory.Write(entry);
        return memory.Snapshot;
    }

    private static void AssertSame(MemorySnapshot expected, MemorySnapshot actual)
    {
        Assert.Equal(expected.Entries.Select(entry => entry.Keyframe), actual.Entries.Select(entry => entry.Keyframe));
        foreach (var (one, other) in expected.Entries.Zip(actual.Entries))
        {
            Assert.Equal(one.Tokens.Origins.ToArray(), other.Tokens.Origins.ToArray());
            Assert.Equal(one.Tokens.Weights.ToArray(), other.Tokens.Weights.ToArray());
            Assert.Equal(one.Tokens.Features.ToArray(), other.Tokens.Features.ToArray());
        }
    }

    /// <summary>The n-th keyframe, with one to three new tokens in places that follow from its number.</summary>
    private static MemoryEntry Entry(int number)
    {
        var time = TimeSpan.FromSeconds(number);
        TokenOrigin[] origins = [.. Enumerable.Range(0, 1 + (number % 3)).Select(i => new TokenOrigin(time, 0, (short)(((number * 7) % 11) + i)))];
        float[] features = [.. origins.SelectMany(origin => (float[])[number, origin.Column])];
        var weights = new float[origins.Length];
        weights.AsSpan().Fill(1);
        return new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, 1), new VisualTokens(Hidden, features, origins, weights, new float[origins.Length]));
    }
}
