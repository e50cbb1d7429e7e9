using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Streaming.Video.Tests;

/// <summary>That a decoder process can do no more harm than end its own source, and never outlives its use.</summary>
public sealed class DecoderProcessTests
{
    [Fact]
    public async Task DecodeSession_process_killed_in_mid_stream_is_a_failure_and_no_zombie()
    {
        await using var session = Decoding.Decoder().Open(new FileSource(Long()), new DecodeRequest { FramesPerSecond = 5 });
        await using var frames = session.Frames().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        frames.Current.Dispose();

        Clips.Run("kill", ["-KILL", $"{session.ProcessId}"]);
        while (await frames.MoveNextAsync())
            frames.Current.Dispose();
        var report = await session.Completion;

        Assert.Equal(SourceFailureKind.DecoderLost, report.Failure?.Kind);
        Assert.Contains("signal 9", report.Failure!.Message);
        Assert.False(Directory.Exists($"/proc/{session.ProcessId}"));
    }

    [Fact]
    public async Task DecodeSession_frozen_process_is_killed_after_its_silence()
    {
        var limits = Decoding.Patient with { ReadTimeout = TimeSpan.FromSeconds(3) };
        await using var session = Decoding.Decoder(limits).Open(new FileSource(Long()), new DecodeRequest { FramesPerSecond = 5 });
        await using var frames = session.Frames().GetAsyncEnumerator();
        Assert.True(await frames.MoveNextAsync());
        frames.Current.Dispose();

        Clips.Run("kill", ["-STOP", $"{session.ProcessId}"]);
        while (await frames.MoveNextAsync())
            frames.Current.Dispose();
        var report = await session.Completion;

        Assert.Equal(SourceFailureKind.DecoderLost, report.Failure?.Kind);
        Assert.Contains("no sign of life", report.Failure!.Message);
        Assert.False(Directory.Exists($"/proc/{session.ProcessId}"));
    }

    [Fact]
    public async Task DecodeSession_disposed_early_kills_and_reaps()
    {
        var session = Decoding.Decoder().Open(new FileSource(Long()), new DecodeRequest { FramesPerSecond = 5 });
        await using (var frames = session.Frames().GetAsyncEnumerator())
        {
            Assert.True(await frames.MoveNextAsync());
            frames.Current.Dispose();
        }

        await session.DisposeAsync();

        Assert.Equal(SourceFailureKind.Stopped, (await session.Completion).Failure?.Kind);
        Assert.False(Directory.Exists($"/proc/{session.ProcessId}"));
    }

    [Fact]
    public async Task DecodeSession_cancelled_ends_its_frames()
    {
        using var cancellation = new CancellationTokenSource();
        await using var session = Decoding.Decoder().Open(new FileSource(Long()), new DecodeRequest { FramesPerSecond = 5 }, cancellation.Token);
        await foreach (var frame in session.Frames())
        {
            frame.Dispose();
            await cancellation.CancelAsync();
        }

        Assert.Equal(SourceFailureKind.Stopped, (await session.Completion).Failure?.Kind);
    }

    [Fact]
    public async Task DecodeSession_reader_that_waits_loses_nothing()
    {
        await using var session = Decoding.Decoder().Open(new FileSource(Clips.H264()), new DecodeRequest { FramesPerSecond = 5 });
        var frames = new List<Compression.Frame>();
        await foreach (var frame in session.Frames())
            frames.Add(frame); // Held, and not disposed: the pool may not hand these pixels out again.

        Assert.Equal(50, frames.Count);
        Assert.Equal(50, frames.Select(frame => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(frame.Rgb))).Distinct().Count());
        frames.ForEach(frame => frame.Dispose());
        Assert.Throws<ObjectDisposedException>(() => frames[0].Rgb.Length);
    }

    [Fact]
    public async Task DecodeSession_command_that_does_not_exist_is_a_failure()
    {
        await using var session = new Decoder(new DecoderOptions { Command = ["/nonexistent/decoder"] }).Open(new FileSource("/x.mp4"), new());

        await foreach (var _ in session.Frames())
            Assert.Fail("no frame can come");

        Assert.Equal(SourceFailureKind.DecoderLost, (await session.Completion).Failure?.Kind);
    }

    [Fact]
    public async Task DecodeSession_command_that_complains_is_quoted_in_one_line()
    {
        await using var session = new Decoder(new DecoderOptions { Command = ["sh", "-c", "head -c 1 >/dev/null; echo no such luck >&2; echo at all >&2; exit 7"] })
            .Open(new FileSource("/x.mp4"), new());

        await foreach (var _ in session.Frames())
            Assert.Fail("no frame can come");

        Assert.Equal("the decoder process died (exit code 7: no such luck)", (await session.Completion).Failure?.Message);
    }

    [Fact]
    public async Task DecodeSession_command_that_talks_nonsense_is_a_failure()
    {
        await using var session = new Decoder(new DecoderOptions { Command = ["cat"] }).Open(new FileSource("/x.mp4"), new());

        await foreach (var _ in session.Frames())
            Assert.Fail("no frame can come");

        Assert.Equal(SourceFailureKind.DecoderLost, (await session.Completion).Failure?.Kind);
    }

    [Fact]
    public async Task DecodeLoop_parent_that_dies_takes_its_decoder_along()
    {
        using var child = Process.Start(new ProcessStartInfo(Decoding.Child) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        new DecodeOrder(new FileSource(Long()), new DecodeRequest(), Decoding.Patient).Write(child.StandardInput.BaseStream);
        child.StandardInput.BaseStream.Flush();
        Assert.NotEqual(-1, child.StandardOutput.BaseStream.ReadByte()); // It runs, and will soon wait for us to read.

        child.StandardInput.Close();

        await child.WaitForExitAsync();
        Assert.Equal(3, child.ExitCode);
    }

    [Fact]
    public async Task DecodeLoop_started_by_a_person_says_that_it_is_not_for_people()
    {
        using var child = Process.Start(new ProcessStartInfo(Decoding.Child)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        child.StandardInput.Close();

        var words = await child.StandardError.ReadToEndAsync();
        await child.WaitForExitAsync();

        Assert.Equal(2, child.ExitCode);
        Assert.Contains("not for people", words);
    }

    [Fact]
    public async Task DecodeSession_secrets_of_an_address_stay_out_of_the_process_list()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0); // It waits for an answer while its arguments are read.
        silent.Start();
        var source = new CameraSource($"rtsp://admin:topsecret@{silent.LocalEndpoint}/cam");
        await using var session = Decoding.Decoder().Open(source, new DecodeRequest());
        var arguments = File.ReadAllText($"/proc/{session.ProcessId}/cmdline");
        silent.Stop();
        await foreach (var _ in session.Frames())
            Assert.Fail("no frame can come");

        Assert.Contains("DecodeChild", arguments);
        Assert.DoesNotContain("topsecret", arguments);
        Assert.Equal(SourceFailureKind.Unreachable, (await session.Completion).Failure?.Kind);
        Assert.DoesNotContain("topsecret", (await session.Completion).ToString());
    }

    /// <summary>Two minutes: the pipe is full long before its end.</summary>
    private static string Long() => Clips.Moving("long.mp4", "-c:v libx264 -preset ultrafast -g 50", 120);
}
