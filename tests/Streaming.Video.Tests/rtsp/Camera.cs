using System.Diagnostics;

namespace Streaming.Video.Tests;

/// <summary>One <c>rtsp/camera.py</c>, killed at the end of its test.</summary>
internal sealed class Camera : IDisposable
{
    private readonly Process _process;

    internal Camera(params string[] arguments)
    {
        var script = Path.Combine(AppContext.BaseDirectory, "rtsp", "camera.py");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, "--until-eof", .. arguments])
        {
            RedirectStandardInput = true, // A camera that outlives a test host that crashed would keep the host's error output open.
            RedirectStandardOutput = true,
        })!;
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the camera did not start: are tests/apt-packages.txt installed?");
        Url = $"rtsp://127.0.0.1:{line.Split(' ')[1]}/cam";
    }

    internal string Url { get; }

    internal int ProcessId => _process.Id;

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }
}
