using System.Net.Sockets;

namespace Streaming.Faults;

/// <summary>One connection through a relay.</summary>
internal sealed class RelayedConnection(Relay relay, Socket reader)
{
    private const int PieceBytes = 16 << 10;

    private readonly Socket _camera = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isAbandoned;

    internal async Task RunAsync(Uri camera, CancellationToken cancellation)
    {
        await PassAsync(cancellation);
        await _camera.ConnectAsync(camera.Host, camera.Port, cancellation);
        Task up = CopyAsync(reader, _camera, false, cancellation), down = CopyAsync(_camera, reader, true, cancellation);
        await Task.WhenAny(up, down);
        if (_isAbandoned)
            await up; // Until the reader gives up.
    }

    /// <summary>The camera's side is gone; that of who reads it stays open and silent.</summary>
    internal void Abandon()
    {
        _isAbandoned = true;
        Close(_camera, byReset: true);
    }

    internal void End(bool byReset)
    {
        Close(_camera, byReset);
        Close(reader, byReset);
        _ended.TrySetResult();
    }

    private async Task CopyAsync(Socket from, Socket to, bool isFromCamera, CancellationToken cancellation)
    {
        var piece = new byte[PieceBytes];
        while (await from.ReceiveAsync(piece, cancellation) is > 0 and var count)
        {
            await PassAsync(cancellation);
            Weather weather = relay.Weather;
            if (isFromCamera && weather.IsGarbled)
                Random.Shared.NextBytes(piece.AsSpan(0, count));
            if (isFromCamera && weather.Delay > TimeSpan.Zero)
                await Task.Delay(weather.Delay, cancellation);
            if (isFromCamera && weather.BytesPerSecond > 0)
                await Task.Delay(TimeSpan.FromSeconds((double)count / weather.BytesPerSecond), cancellation);
            if (!_isAbandoned)
                await to.SendAsync(piece.AsMemory(0, count), cancellation);
        }
    }

    private async Task PassAsync(CancellationToken cancellation)
    {
        while (relay.Weather.Thawed is { Task.IsCompleted: false } frozen && !_ended.Task.IsCompleted)
            await Task.WhenAny(frozen.Task, _ended.Task).WaitAsync(cancellation);
    }

    private static void Close(Socket socket, bool byReset)
    {
        try
        {
            if (byReset)
                socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
        catch (Exception e) when (e is ObjectDisposedException or SocketException)
        {
            // It was closed already.
        }
    }
}
