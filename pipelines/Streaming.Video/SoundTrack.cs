using Streaming.Models.Speech;
using Streaming.Video.FFmpeg;

namespace Streaming.Video;

/// <summary>The sound beside the pictures, inside the decoder process: packets -> mono at 16 kHz -> the parent, half a second at a time. What cannot be decoded is not heard.</summary>
internal sealed class SoundTrack : IDisposable
{
    private const int Rate = VoiceActivity.SampleRate, Piece = Rate / 2;

    // Timestamps of sound are rounded to the container's unit; more is a gap, or a restart.
    private static readonly TimeSpan LargestError = TimeSpan.FromMilliseconds(100);

    private readonly SoundCodec _codec;
    private readonly double _secondsPerUnit;
    private readonly DecodeOutput _output;
    private readonly short[] _piece = new short[Piece];
    private SoundResampler? _resampler;
    private int _rate, _filled;
    private TimeSpan _time;

    /// <exception cref="InvalidOperationException">The decoder refuses the stream's parameters.</exception>
    internal SoundTrack(AvStream stream, DecodeOutput output) =>
        (_codec, _secondsPerUnit, _output) = (new SoundCodec(stream), stream.TimeBase.Value ?? 1, output);

    /// <summary>Seconds of the sources' timestamps at which the stream's time is zero, as the newest picture has it; null: no picture has come, and nothing is heard.</summary>
    internal double? Origin { get; set; }

    /// <summary>Decodes a packet and sends what there is.</summary>
    internal void Feed(AvPacket packet)
    {
        if (_codec.Send(packet) < 0)
            return;
        while (true)
        {
            ReadOnlySpan<float> samples = _codec.Receive(out bool isThere);
            if (!isThere)
                return;
            if (Origin is not { } origin || samples.IsEmpty)
                continue;
            if (_codec.Pts != AvStructs.NoPts)
                Place(TimeSpan.FromSeconds((_codec.Pts * _secondsPerUnit) - origin));
            Take(samples);
        }
    }

    /// <summary>Sends what is left.</summary>
    internal void Finish()
    {
        if (_filled > 0)
            _output.Send(new SoundHeader { TimeTicks = _time.Ticks, Samples = _filled }, _piece.AsSpan(0, _filled));
        _time += TimeSpan.FromSeconds((double)_filled / Rate);
        _filled = 0;
    }

    /// <summary>Forgets all state, after a seek.</summary>
    internal void Flush()
    {
        _codec.Flush();
        (_filled, _resampler) = (0, null);
    }

    public void Dispose() => _codec.Dispose();

    /// <summary>Where sound does not go on from the sound before, that is sent by itself.</summary>
    private void Place(TimeSpan time)
    {
        TimeSpan expected = _time + TimeSpan.FromSeconds((double)_filled / Rate);
        if ((time - expected).Duration() <= LargestError && _resampler is not null)
            return;
        Finish();
        (_time, _resampler) = (time, null);
    }

    private void Take(ReadOnlySpan<float> samples)
    {
        if (_resampler is null || _rate != _codec.Rate)
            (_resampler, _rate) = (new SoundResampler(_codec.Rate, Rate), _codec.Rate);
        foreach (float sample in _resampler.Add(samples))
        {
            _piece[_filled++] = (short)Math.Clamp(MathF.Round(sample * short.MaxValue), short.MinValue, short.MaxValue);
            if (_filled == Piece)
                Finish();
        }
    }
}
