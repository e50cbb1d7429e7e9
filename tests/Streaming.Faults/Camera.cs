using System.Diagnostics;
using System.Globalization;

namespace Streaming.Faults;

/// <summary>
/// A real RTSP server (GStreamer's, through <c>camera.py</c>) in a process of its own, at a port that stays the same when it is switched off
/// and on. Where it ends by itself, as GStreamer's server does on a failed assertion when readers come and go at once, it is switched on again.
/// </summary>
public sealed class Camera : IDisposable
{
    private readonly string[] _arguments;
    private readonly Lock _gate = new();
    private Process? _process;
    private int _port, _crashes;

    /// <param name="arguments">Of <c>camera.py</c>.</param>
    public Camera(params string[] arguments)
    {
        _arguments = arguments;
        SwitchOn();
    }

    public string Url => $"rtsp://127.0.0.1:{_port}/cam";

    public int ProcessId
    {
        get
        {
            lock (_gate)
                return _process!.Id;
        }
    }

    public void SwitchOn()
    {
        lock (_gate)
            Start();
    }

    private void Start()
    {
        var script = Path.Combine(AppContext.BaseDirectory, "rtsp", "camera.py");
        _process = Process.Start(new ProcessStartInfo("/usr/bin/python3", [script, "--until-eof", "--port", _port.ToString(CultureInfo.InvariantCulture), .. _arguments])
        {
            RedirectStandardInput = true, // A camera that outlives a test host that crashed would keep the host's error output open.
            RedirectStandardOutput = true,
        })!;
        var line = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("the camera did not start: are tests/apt-packages.txt installed?");
        _port = int.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
        Process started = _process;
        // Not at once: a process that is being disposed of waits for its listeners.
        started.Exited += (_, _) => Task.Run(() => Revive(started));
        started.EnableRaisingEvents = true;
    }

    private void Revive(Process ended)
    {
        lock (_gate)
        {
            if (_process != ended)
                return;
            _crashes++;
            ended.Dispose();
            Start();
        }
    }

    /// <summary>How often it has ended by itself since the last call.</summary>
    public int TakeCrashes() => Interlocked.Exchange(ref _crashes, 0);

    /// <summary>Its power is cut.</summary>
    public void SwitchOff()
    {
        lock (_gate)
        {
            Process? process = _process;
            _process = null;
            process?.Kill(entireProcessTree: true);
            process?.WaitForExit();
            process?.Dispose();
        }
    }

    public void Freeze() => Signals.Freeze(ProcessId);

    public void Thaw() => Signals.Thaw(ProcessId);

    public void Dispose() => SwitchOff();
}
