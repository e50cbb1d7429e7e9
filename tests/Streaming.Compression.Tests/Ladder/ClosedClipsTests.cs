using Streaming.Compression.Ladder;
using Streaming.Models;

namespace Streaming.Compression.Tests.Ladder;

public class ClosedClipsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(40)]
    public void In_every_clip_is_told_once_when_it_is_closed_however_often_one_asks(int every)
    {
        var memory = new StreamMemory(new MemoryOptions());
        var closed = new ClosedClips();
        var told = new List<MemoryClip>();
        Assert.Empty(closed.In(memory.Written));
        for (int number = 0; number < 400; number++)
        {
            memory.Write(Entry(number));
            if (number == 0 || number % every == 0)
                told.AddRange(closed.In(memory.Written));
        }
        Assert.NotEmpty(told);
        Assert.Equal(memory.Written.Clips.Take(told.Count).Select(clip => (clip.From, clip.To)), told.Select(clip => (clip.From, clip.To)));
        Assert.InRange(memory.Written.Clips.Length - told.Count, 1, (every / 3) + 1);
    }

    [Fact]
    public void In_memory_of_an_earlier_run_is_not_told_again()
    {
        var memory = new StreamMemory(new MemoryOptions());
        for (int number = 0; number < 100; number++)
            memory.Write(Entry(number));
        Assert.Empty(new ClosedClips().In(memory.Written));
    }

    /// <summary>A new scene every five keyframes.</summary>
    private static MemoryEntry Entry(int number)
    {
        var time = TimeSpan.FromSeconds(number);
        var tokens = new VisualTokens(2, new float[] { number, 1 }, new[] { new TokenOrigin(time, 0, 0) }, new float[] { 1 }, new float[] { 0 });
        return new MemoryEntry(new Keyframe(number, time, KeyframeReason.Change, number % 5 == 0 ? 0.5f : 0.01f), tokens);
    }
}
