using Streaming.Benchmarks.Memory;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Benchmarks.Tests;

public class UniformMemoryTests
{
    [Fact]
    public void Write_for_hours_keeps_whole_keyframes_at_even_distances_within_its_budget()
    {
        var memory = new UniformMemory(budget: 100);
        for (int second = 0; second < 10_000; second++)
            memory.Write(Entry(second));
        MemoryEntry[] kept = [.. memory.Snapshot.Entries];
        Assert.InRange(kept.Sum(entry => entry.Tokens.Count), 50, 100);
        Assert.Single(kept.Zip(kept.Skip(1), (a, b) => b.Time - a.Time).Distinct());
        Assert.True(kept[^1].Time > TimeSpan.FromSeconds(9_000));
        Assert.All(kept, entry => Assert.Equal(4, entry.Tokens.Count));
    }

    private static MemoryEntry Entry(int second)
    {
        var time = TimeSpan.FromSeconds(second);
        TokenOrigin[] origins = [.. Enumerable.Range(0, 4).Select(i => new TokenOrigin(time, (short)i, 0))];
        return new MemoryEntry(new Keyframe(second, time, KeyframeReason.Change, 0.1f), new VisualTokens(1, new float[4], origins, new float[4], new float[4]));
    }
}
