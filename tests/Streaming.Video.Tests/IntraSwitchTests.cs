namespace Streaming.Video.Tests;

/// <summary>A running decode that is told to skip what lies between intra frames, and to stop skipping.</summary>
public sealed class IntraSwitchTests
{
    [Fact]
    public async Task DecodeIntraOnly_said_at_the_start_and_taken_back_decodes_the_rest_whole()
    {
        string film = Clips.Moving("intra-switch.mp4", "-c:v libx264 -preset veryfast -bf 2 -g 12 -keyint_min 12 -sc_threshold 0", 60);
        var request = new DecodeRequest { FramesPerSecond = DecodeRequest.MaxFramesPerSecond, Threads = 1 };
        await using var session = Decoding.Decoder(Decoding.Patient).Open(new FileSource(film), request);
        var seen = new List<(long Index, bool IsIntra, TimeSpan Time)>();
        bool wasTakenBack = false;
        session.DecodeIntraOnly(true);
        await foreach (var frame in session.Frames())
        {
            seen.Add((frame.Index, frame.Codec.IsIntra, frame.Time));
            frame.Dispose();
            if (seen.Count == 20 && !wasTakenBack)
            {
                session.DecodeIntraOnly(false);
                wasTakenBack = true;
                await UntilAllWaitAsync(session.ProcessId);
            }
        }
        var report = await session.Completion;

        Assert.Null(report.Failure);
        Assert.Equal(0, report.Progress.Unreadable);
        // Between the two, only intra frames came; after the second, all frames again from an intra frame on.
        Assert.Equal(seen.Select(frame => frame.Time).Order(), seen.Select(frame => frame.Time));
        Assert.True(seen.Count(frame => frame.IsIntra) > 5);
        Assert.Contains(seen.TakeLast(10), frame => !frame.IsIntra);
    }

    /// <summary>Until no thread of a process has anything to do (proc(5)): it has heard what was said, and waits for its frames to be taken.</summary>
    private static async Task UntilAllWaitAsync(int process)
    {
        while (Directory.GetDirectories($"/proc/{process}/task").Any(thread => StateOf(thread) != 'S'))
            await Task.Yield();
    }

    private static char StateOf(string thread)
    {
        try
        {
            string stat = File.ReadAllText(Path.Combine(thread, "stat"));
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return 'X'; // It has ended meanwhile: the next look does not find it.
        }
    }
}
