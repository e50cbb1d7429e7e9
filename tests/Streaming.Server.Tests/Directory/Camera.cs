using System.Diagnostics;

namespace Streaming.Server.Tests;

/// <summary>An RTSP camera in a process of its own, at a port that stays the same when it is switched off and on.</summary>
internal sealed class Camera : IDisposable
{
    private readonly string[] _arguments;
    private Process? _process;
    private int _port;

    public Camera(params string[] arguments)
    {
        _arguments = arguments;
        SwitchOn();
    }

    public string Url => $"rtsp://127.0.0.1:{_port}/cam";

    public void SwitchOn()
    {
        string script = Path.Combine(AppContext.BaseDirectory, "rtsp", "camera.py");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, "--until-eof", "--port", $"{_port}", .. _arguments])
        {
            RedirectStandardInput = true, // A camera that outlives a test host that crashed would keep the host's error output open.
            RedirectStandardOutput = true,
        })!;
        string line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the camera did not start: are tests/apt-packages.txt installed?");
        _port = int.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
    }

    public void SwitchOff()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Dispose() => SwitchOff();
}
