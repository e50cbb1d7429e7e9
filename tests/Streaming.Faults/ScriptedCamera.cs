using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace Streaming.Faults;

/// <summary>What a scripted camera sends next.</summary>
/// <param name="Picture">Null: it falls silent for ever, with its connection open.</param>
/// <param name="Time">The picture's time on the camera's clock, in 1/90,000 s.</param>
/// <param name="IsLost">On the way, where it sends datagrams: every fourth packet of the picture never arrives.</param>
public sealed record CameraStep(CodedPicture? Picture, uint Time, bool IsLost = false);

/// <summary>
/// An RTSP server of our own for what real ones do not do on demand: it sends a script, as fast as it is read, to each who plays it, and
/// then ends the connection. Interleaved in the connection or as datagrams, whatever is asked for.
/// </summary>
public sealed partial class ScriptedCamera : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly IReadOnlyList<CameraStep> _script;
    private readonly string _media;
    private readonly Task _accepting;

    /// <param name="codec">What it announces; null: sound only.</param>
    public ScriptedCamera(CameraCodec? codec, IReadOnlyList<CameraStep> script)
    {
        _script = script;
        _media = codec is { } video
            ? $"m=video 0 RTP/AVP 96\r\na=rtpmap:96 {video.ToString().ToUpperInvariant()}/90000\r\n{(video == CameraCodec.H264 ? "a=fmtp:96 packetization-mode=1\r\n" : "")}a=control:track\r\n"
            : "m=audio 0 RTP/AVP 8\r\na=rtpmap:8 PCMA/8000\r\na=control:track\r\n";
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Url => $"rtsp://{_listener.LocalEndpoint}/cam";

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var readers = new List<Task>();
        try
        {
            while (true)
            {
                TcpClient reader = await _listener.AcceptTcpClientAsync(_stop.Token);
                readers.Add(ServeAsync(reader));
            }
        }
        finally
        {
            await Task.WhenAll(readers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ServeAsync(TcpClient reader)
    {
        using (reader)
        {
            NetworkStream stream = reader.GetStream();
            using var lines = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            Channel? channel = null;
            try
            {
                while (await ReadAsync(lines) is { } request)
                {
                    channel = channel ?? (request.Transport is { } transport ? Channel.Open(stream, transport) : null);
                    await AnswerAsync(stream, request, channel);
                    if (request.Method != "PLAY" || channel is null)
                        continue;
                    await PlayAsync(channel);
                    return;
                }
            }
            finally
            {
                channel?.Dispose();
            }
        }
    }

    private sealed record Request(string Method, string Number, string? Transport);

    private async Task<Request?> ReadAsync(StreamReader lines)
    {
        string? first = await lines.ReadLineAsync(_stop.Token), number = "0", transport = null;
        if (first is null)
            return null;
        while (await lines.ReadLineAsync(_stop.Token) is { Length: > 0 } line)
        {
            if (line.StartsWith("CSeq:", StringComparison.OrdinalIgnoreCase))
                number = line[5..].Trim();
            if (line.StartsWith("Transport:", StringComparison.OrdinalIgnoreCase))
                transport = line[10..].Trim();
        }
        return new Request(first.Split(' ')[0], number, transport);
    }

    private async Task AnswerAsync(NetworkStream stream, Request request, Channel? channel)
    {
        string body = request.Method == "DESCRIBE" ? $"v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=scripted\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\n{_media}" : "";
        string more = request.Method switch
        {
            "OPTIONS" => "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",
            "DESCRIBE" => "Content-Type: application/sdp\r\n",
            "SETUP" => $"Transport: {channel!.Transport}\r\n",
            _ => "",
        };
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"RTSP/1.0 200 OK\r\nCSeq: {request.Number}\r\nSession: 1\r\n{more}Content-Length: {body.Length.ToString(CultureInfo.InvariantCulture)}\r\n\r\n{body}"), _stop.Token);
    }

    private async Task PlayAsync(Channel channel)
    {
        var packets = new RtpPackets();
        foreach (CameraStep step in _script)
        {
            if (step.Picture is null)
                await Task.Delay(Timeout.Infinite, _stop.Token);
            int number = 0;
            foreach (byte[] packet in packets.Of(step.Picture!, step.Time))
            {
                if (!step.IsLost || ++number % 4 != 0)
                    await channel.SendAsync(packet, _stop.Token);
            }
        }
    }

    /// <summary>How packets go to one reader.</summary>
    private sealed partial class Channel(NetworkStream stream, UdpClient? datagrams, string transport) : IDisposable
    {
        private static readonly TimeSpan Turn = TimeSpan.FromMilliseconds(1);

        internal string Transport => transport;

        internal static Channel Open(NetworkStream stream, string asked)
        {
            if (ClientPort().Match(asked) is not { Success: true } port)
                return new Channel(stream, null, "RTP/AVP/TCP;unicast;interleaved=0-1");
            var datagrams = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
            datagrams.Connect(IPAddress.Loopback, int.Parse(port.Groups[1].Value, CultureInfo.InvariantCulture));
            int own = ((IPEndPoint)datagrams.Client.LocalEndPoint!).Port;
            return new Channel(stream, datagrams, $"RTP/AVP;unicast;{port.Value};server_port={own}-{own + 1}");
        }

        internal async Task SendAsync(byte[] packet, CancellationToken cancellation)
        {
            if (datagrams is not null)
            {
                // Nobody holds datagrams back: sent before the reader has taken the last one, its kernel might drop more than the script says.
                while (IsWaiting(((IPEndPoint)datagrams.Client.RemoteEndPoint!).Port))
                    await Task.Delay(Turn, cancellation);
                await datagrams.SendAsync(packet, cancellation);
                return;
            }
            await stream.WriteAsync((byte[])[(byte)'$', 0, (byte)(packet.Length >> 8), (byte)packet.Length, .. packet], cancellation);
        }

        public void Dispose() => datagrams?.Dispose();

        /// <summary>Whether datagrams for a port lie in the kernel. A line of a socket has its own address and port as the second word, bytes to send and to be taken as the fifth (proc(5)).</summary>
        private static bool IsWaiting(int port)
        {
            string own = string.Create(CultureInfo.InvariantCulture, $":{port:X4}");
            return File.ReadLines("/proc/net/udp").Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Any(words => words[1].EndsWith(own, StringComparison.Ordinal) && !words[4].EndsWith(":00000000", StringComparison.Ordinal));
        }

        [GeneratedRegex(@"client_port=(\d+)-\d+")]
        private static partial Regex ClientPort();
    }
}
