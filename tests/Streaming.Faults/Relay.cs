using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Streaming.Faults;

/// <summary>
/// A TCP relay between a camera and who reads it, at a port that stays the same, which does on purpose what networks do by accident.
/// What it was told counts for all connections until <see cref="Mend"/>; any thread may tell it.
/// </summary>
public sealed class Relay : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Uri _camera;
    private readonly ConcurrentDictionary<RelayedConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private volatile bool _refuses;
    private int _accepted;

    /// <param name="camera">Its <c>rtsp://</c> address.</param>
    public Relay(string camera)
    {
        _camera = new Uri(camera);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(64);
        _accepting = AcceptAsync();
    }

    /// <summary>The camera's address behind the relay.</summary>
    public string Url => $"rtsp://127.0.0.1:{((IPEndPoint)_listener.LocalEndPoint!).Port}{_camera.PathAndQuery}";

    /// <summary>Connections that were taken so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What happens to bytes on their way.</summary>
    internal Weather Weather { get; private set; } = Weather.Fair;

    /// <summary>All connections are closed, and new ones refused.</summary>
    public void Cut() => End(byReset: false);

    /// <summary>All connections are reset, and new ones refused.</summary>
    public void Reset() => End(byReset: true);

    /// <summary>Nothing passes any more in either direction, also of new connections; what comes waits.</summary>
    public void Freeze() => Change(Weather with { Thawed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) });

    /// <summary>The camera forgets its connections as by a power cut, and who reads them never hears of it. New ones work.</summary>
    public void HalfOpen()
    {
        foreach (RelayedConnection connection in _connections.Keys)
            connection.Abandon();
    }

    /// <summary>Every piece that the camera sends comes so much later.</summary>
    public void Delay(TimeSpan by) => Change(Weather with { Delay = by });

    /// <summary>The camera's bytes come no faster than this.</summary>
    public void Throttle(int bytesPerSecond) => Change(Weather with { BytesPerSecond = bytesPerSecond });

    /// <summary>What the camera sends arrives as other bytes.</summary>
    public void Garble() => Change(Weather with { IsGarbled = true });

    /// <summary>The camera is back. Connections that were ended or abandoned stay so.</summary>
    public void Mend()
    {
        Change(Weather.Fair);
        _refuses = false;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Mend();
        End(byReset: true);
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_connections.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private void Change(Weather weather)
    {
        Weather before = Weather;
        Weather = weather;
        before.Thawed?.TrySetResult();
    }

    private void End(bool byReset)
    {
        _refuses = true;
        foreach (RelayedConnection connection in _connections.Keys)
            connection.End(byReset);
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket reader = await _listener.AcceptAsync(_stop.Token);
            Interlocked.Increment(ref _accepted);
            var connection = new RelayedConnection(this, reader);
            _connections[connection] = Task.CompletedTask; // Known before it is asked whether to refuse it, so that a cut misses none.
            if (_refuses)
                connection.End(byReset: true);
            if (!_refuses)
                _connections[connection] = RunAsync(connection);
            if (_connections.TryGetValue(connection, out Task? run) && run.IsCompleted)
                _connections.TryRemove(connection, out _);
        }
    }

    private async Task RunAsync(RelayedConnection connection)
    {
        try
        {
            await connection.RunAsync(_camera, _stop.Token);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // One of both sides is gone, which is what relays are for.
        }
        finally
        {
            connection.End(byReset: false);
            _connections.TryRemove(connection, out _);
        }
    }
}

/// <summary>What happens to bytes on their way.</summary>
/// <param name="Thawed">Completes when bytes pass again; null: they do.</param>
internal sealed record Weather(TaskCompletionSource? Thawed, TimeSpan Delay, int BytesPerSecond, bool IsGarbled)
{
    internal static Weather Fair { get; } = new(null, TimeSpan.Zero, 0, false);
}
