using System.Runtime.InteropServices;

namespace Streaming.Video.FFmpeg;

/// <summary>One opened sound decoder: packets -> mono samples at the source's rate.</summary>
internal sealed class SoundCodec : IDisposable
{
    // What films and cameras carry, and the decoder that may run for each; everything else is attack surface.
    private static readonly (string Codec, string Decoder)[] Allowed =
    [
        ("aac", "aac"), ("mp3", "mp3float"), ("opus", "opus"), ("vorbis", "vorbis"), ("flac", "flac"), ("ac3", "ac3"),
        ("pcm_s16le", "pcm_s16le"), ("pcm_s16be", "pcm_s16be"), ("pcm_alaw", "pcm_alaw"), ("pcm_mulaw", "pcm_mulaw"), ("adpcm_g722", "g722"),
    ];

    private const int MostChannels = 8; // What a frame points to by itself.

    // What cameras and films have is 8 to 192 kHz and at most a second in a packet. Beyond it, a header that lies would fill the process's memory with
    // sound, and take the pictures along.
    private const int LowestRate = 4_000, HighestRate = 384_000, MostSamples = 1 << 19;

    private readonly AvHandles.Codec _codec;
    private readonly AvHandles.Picture _frame = new();
    private float[] _mono = [];

    /// <exception cref="InvalidOperationException">The decoder refuses the stream's parameters.</exception>
    internal SoundCodec(AvStream stream)
    {
        var codec = LibAv.avcodec_find_decoder_by_name(DecoderOf(stream)!);
        if (codec == 0)
            throw new InvalidOperationException($"this build of FFmpeg has no decoder for {VideoCodec.NameOf(stream)}");
        _codec = new AvHandles.Codec(codec);
        AvError.Require(LibAv.avcodec_parameters_to_context(_codec.Context, stream.Parameters));
        using var options = new AvHandles.Options(("threads", "1"));
        AvError.Require(LibAv.avcodec_open2(_codec.Context, codec, ref options.Pointer));
    }

    /// <summary>FFmpeg's own allow-list, for the decoders that it opens to probe a file.</summary>
    internal static string AllowList => string.Join(',', Allowed.Select(allowed => allowed.Decoder));

    /// <summary>Samples a second of the latest frame.</summary>
    internal int Rate => _frame.View.SampleRate;

    /// <summary>Of the latest frame, in the stream's time base; <see cref="AvStructs.NoPts"/>: not told.</summary>
    internal long Pts => _frame.View.BestEffortPts;

    /// <summary>The decoder for a stream; null if its codec is not allowed.</summary>
    internal static string? DecoderOf(AvStream stream)
    {
        var name = VideoCodec.NameOf(stream);
        return Allowed.FirstOrDefault(allowed => allowed.Codec == name).Decoder;
    }

    /// <summary>Takes a packet. All frames must have been received before.</summary>
    internal int Send(AvPacket packet) => LibAv.avcodec_send_packet(_codec.Context, packet);

    /// <summary>The mean of the next frame's channels, -1..1, until the next call; empty if it needs a packet, or is no sound of a kind that films have.</summary>
    internal ReadOnlySpan<float> Receive(out bool isThere)
    {
        AvFrame frame = _frame.View;
        isThere = LibAv.avcodec_receive_frame(_codec.Context, frame) >= 0;
        if (!isThere || frame.Channels is < 1 or > MostChannels || frame.SampleRate is < LowestRate or > HighestRate || frame.Samples > MostSamples)
            return [];
        if (_mono.Length < frame.Samples)
            _mono = new float[frame.Samples];
        Span<float> mono = _mono.AsSpan(0, frame.Samples);
        mono.Clear();
        return Mix(frame, mono) ? mono : [];
    }

    /// <summary>Forgets all state, after a seek.</summary>
    internal void Flush() => LibAv.avcodec_flush_buffers(_codec.Context);

    public void Dispose()
    {
        _frame.Dispose();
        _codec.Dispose();
    }

    /// <summary>AVSampleFormat: 0 to 4 are bytes, shorts, integers, floats and doubles of all channels in turn, 5 to 9 the same by channel.</summary>
    private static bool Mix(AvFrame frame, Span<float> mono) => (frame.Format % 5) switch
    {
        _ when frame.Format is < 0 or > 9 => false,
        0 => Mix<byte>(frame, mono, value => (value - 128) / 128f),
        1 => Mix<short>(frame, mono, value => value / 32768f),
        2 => Mix<int>(frame, mono, value => value / 2147483648f),
        3 => Mix<float>(frame, mono, value => value),
        _ => Mix<double>(frame, mono, value => (float)value),
    };

    private static unsafe bool Mix<T>(AvFrame frame, Span<float> mono, Func<T, float> convert) where T : unmanaged
    {
        int channels = frame.Channels, step = frame.Format >= 5 ? 1 : channels;
        for (int channel = 0; channel < channels; channel++)
        {
            T* samples = frame.Format >= 5 ? (T*)frame.Planes[channel] : (T*)frame.Planes[0] + channel;
            for (int i = 0; i < mono.Length; i++)
                mono[i] += convert(samples[i * step]) / channels;
        }
        return true;
    }
}
