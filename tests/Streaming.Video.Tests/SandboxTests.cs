using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Streaming.Video.Sandboxing;

namespace Streaming.Video.Tests;

/// <summary>That whoever takes a decoder process over has nothing of it. Handles are counted, so no other test runs beside these.</summary>
[CollectionDefinition(nameof(SandboxTests), DisableParallelization = true)]
[Collection(nameof(SandboxTests))]
public sealed class SandboxTests
{
    [Fact]
    public async Task Sandbox_process_reads_its_opened_file_and_reaches_nothing_else()
    {
        Assert.All(Sandbox.Layers, layer => Assert.True(layer.IsThere, $"{layer.Layer} is needed to test this"));
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var other = Clips.Text("other.txt", "secret");
        File.WriteAllText(other + ".kept", "x");
        using var parent = Process.Start(new ProcessStartInfo("cat") { RedirectStandardInput = true })!; // Until its input ends, at the latest with this process.
        string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
        var info = new ProcessStartInfo(Decoding.Child, ["confined", Clips.H264(), other, Number(((IPEndPoint)listener.LocalEndpoint).Port), Number(parent.Id)])
        { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["DOTNET_GCHeapHardLimit"] = "0x4000000";
        using var process = Process.Start(info)!;
        var done = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();

        Assert.False(parent.HasExited);
        parent.StandardInput.Close();
        Assert.True(process.ExitCode == 0, errors);
        Assert.Equal("", await done);
        Assert.True(File.Exists(other + ".kept"));
        Assert.False(File.Exists(other + ".new") || Directory.Exists(other + ".folder") || File.Exists(other + ".link"));
        Assert.False(listener.Pending());
    }

    [Fact]
    public async Task Decoder_film_that_needs_more_memory_than_it_may_ends_with_a_failure()
    {
        var film = Clips.Make("large.mp4", "-f lavfi -i testsrc2=s=3840x2160:r=5 -t 2 -c:v libx264 -preset ultrafast");

        var failure = await Decoding.Fail(film, limits: Decoding.Patient with { MemoryBytes = 96 << 20 });

        Assert.Contains(failure.Kind, new[] { SourceFailureKind.LimitExceeded, SourceFailureKind.DecoderLost, SourceFailureKind.Undecodable });
    }

    [Fact]
    public async Task Decoder_many_crashes_leave_no_process_and_no_handle()
    {
        const int crashes = 20;
        var film = Clips.H264();
        await CrashAsync(film); // What the first one opens for all that follow.
        var handles = Handles();
        var dead = new List<int>();
        for (var i = 0; i < crashes; i++)
            dead.Add(await CrashAsync(film));

        Assert.All(dead, id => Assert.False(Directory.Exists($"/proc/{id}")));
        Assert.InRange(Handles(), 0, handles + 4);
    }

    /// <summary>What is collected has no handle any more.</summary>
    private static int Handles()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return Directory.GetFileSystemEntries("/proc/self/fd").Length;
    }

    private static async Task<int> CrashAsync(string film)
    {
        await using var session = Decoding.Decoder().Open(new FileSource(film), new DecodeRequest { FramesPerSecond = 5 });
        Clips.Run("kill", ["-SYS", $"{session.ProcessId}"]);
        await foreach (var frame in session.Frames())
            frame.Dispose();
        Assert.NotNull((await session.Completion).Failure);
        return session.ProcessId;
    }
}
