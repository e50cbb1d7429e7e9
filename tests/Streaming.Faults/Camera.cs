using System.Diagnostics;
using System.Globalization;

namespace Streaming.Faults;

/// <summary>A real RTSP server (GStreamer's, through <c>camera.py</c>) in a process of its own, at a port that stays the same when it is switched off and on.</summary>
public sealed class Camera : IDisposable
{
    private readonly string[] _arguments;
    private Process? _process;
    private int _port;

    /// <param name="arguments">Of <c>camera.py</c>.</param>
    public Camera(params string[] arguments)
    {
        _arguments = arguments;
        SwitchOn();
    }

    public string Url => $"rtsp://127.0.0.1:{_port}/cam";

    public int ProcessId => _process!.Id;

    public void SwitchOn()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "rtsp", "camera.py");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, "--until-eof", "--port", _port.ToString(CultureInfo.InvariantCulture), .. _arguments])
        {
            RedirectStandardInput = true, // A camera that outlives a test host that crashed would keep the host's error output open.
            RedirectStandardOutput = true,
        })!;
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the camera did not start: are tests/apt-packages.txt installed?");
        _port = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }

    /// <summary>Switches it on again if it has ended by itself, as GStreamer's server does on a failed assertion when readers come and go at once.</summary>
    /// <returns>True if it had.</returns>
    public bool Revive()
    {
        if (_process is not { HasExited: true })
            return false;
        SwitchOff();
        SwitchOn();
        return true;
    }

    /// <summary>Its power is cut.</summary>
    public void SwitchOff()
    {
        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _process = null;
    }

    public void Freeze() => Signals.Freeze(ProcessId);

    public void Thaw() => Signals.Thaw(ProcessId);

    public void Dispose() => SwitchOff();
}
