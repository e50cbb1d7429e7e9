using System.Diagnostics;

namespace Streaming.Video.Tests;

/// <summary>What deadlines leave out.</summary>
public sealed class RunQueueTests
{
    [Fact]
    public void RunQueue_time_waited_never_shrinks_and_is_no_more_than_has_passed()
    {
        using var queue = new RunQueue(Environment.ProcessId);
        var first = queue.WaitedMilliseconds;

        Assert.InRange(first, 0, (long)(DateTime.Now - Process.GetCurrentProcess().StartTime).TotalMilliseconds + 1);
        Assert.True(queue.WaitedMilliseconds >= first);
        Assert.InRange(queue.Clock, 0, Environment.TickCount64);
    }

    [Fact]
    public void RunQueue_of_a_process_that_is_gone_excuses_nothing()
    {
        using var process = Process.Start(new ProcessStartInfo("true") { RedirectStandardOutput = true })!;
        process.WaitForExit();
        using var queue = new RunQueue(process.Id);

        Assert.Equal(0, queue.WaitedMilliseconds);
    }

    [Fact]
    public void RunQueue_reading_allocates_nothing()
    {
        using var queue = new RunQueue(Environment.ProcessId);
        _ = queue.WaitedMilliseconds;
        var before = GC.GetAllocatedBytesForCurrentThread();

        _ = queue.WaitedMilliseconds;
        _ = queue.Clock;

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
