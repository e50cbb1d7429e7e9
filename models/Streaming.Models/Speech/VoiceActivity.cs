using System.Numerics.Tensors;

namespace Streaming.Models.Speech;

/// <summary>A stretch of sound in which somebody seems to speak, or that was cut because it was getting long.</summary>
/// <param name="From">Sample of the stream that it begins with.</param>
/// <param name="Samples">At 16 kHz, -1..1.</param>
public sealed record Utterance(long From, float[] Samples);

/// <summary>
/// Finds where somebody speaks in a sound that goes on: frames that are louder than the background of the last seconds, of which enough
/// have a pitch, as vowels do and wind, rain and wheels do not. Holds at most one stretch of sound. Not for several threads.
/// </summary>
/// <param name="mostSamples">The longest stretch; a longer one is cut at its quietest moment.</param>
public sealed class VoiceActivity(int mostSamples)
{
    /// <summary>Of the sound, a second.</summary>
    public const int SampleRate = 16_000;

    /// <summary>A frame is 30 ms, three periods of the lowest voice.</summary>
    public const int Frame = 480;

    // 9 dB above the background is nearly twice as loud to the ear; the background follows down at once and up by 1 dB a second.
    private const float LouderDecibels = 9, RiseDecibels = 0.03f, SilenceDecibels = -60;

    // Syllables are 150 ms and longer, pauses inside a sentence seldom longer than 600 ms.
    private const int LeastFrames = 5, PauseFrames = 20, AroundFrames = 7;

    // Vowels are about half of speech. A pitch of 70 to 400 Hz shows as a correlation with the sound one period before.
    private const float VoicedShare = 0.25f, Periodic = 0.5f;
    private const int ShortestPeriod = SampleRate / 400, LongestPeriod = SampleRate / 70;

    private readonly List<float> _held = [];
    private readonly List<float> _levels = [];
    private readonly List<float> _waiting = [];
    private float _background = SilenceDecibels;
    private long _taken;
    private int _active, _voiced, _pause;
    private bool _speaks, _hasBackground;

    /// <summary>Takes the sound that follows.</summary>
    /// <returns>The stretches that have come to their end.</returns>
    public IReadOnlyList<Utterance> Add(ReadOnlySpan<float> sound)
    {
        var ended = new List<Utterance>();
        _waiting.AddRange(sound);
        int at = 0;
        for (; _waiting.Count - at >= Frame; at += Frame)
            Take([.. _waiting[at..(at + Frame)]], ended);
        _waiting.RemoveRange(0, at);
        return ended;
    }

    /// <summary>The sound has ended, or does not go on from here: gives the stretch that was under way.</summary>
    /// <param name="next">The sample that comes next, counted as <see cref="Utterance.From"/> is.</param>
    public IReadOnlyList<Utterance> Break(long next)
    {
        var ended = new List<Utterance>();
        if (_speaks)
            End(_held.Count, ended);
        _held.Clear();
        _levels.Clear();
        _waiting.Clear();
        (_taken, _active, _voiced, _pause, _speaks) = (next, 0, 0, 0, false);
        return ended;
    }

    private void Take(float[] frame, List<Utterance> ended)
    {
        float level = Level(frame);
        bool isLoud = _hasBackground && level > Math.Max(_background, SilenceDecibels) + LouderDecibels;
        _background = !_hasBackground || level < _background ? level : _background + RiseDecibels;
        _hasBackground = true;
        _held.AddRange(frame);
        _levels.Add(level);
        _taken += Frame;
        _pause = isLoud ? 0 : _pause + 1;
        if (isLoud)
        {
            _active++;
            _voiced += IsVoiced(frame) ? 1 : 0;
        }
        if (!_speaks && _active >= LeastFrames)
            _speaks = true;
        if (_speaks && (_pause >= PauseFrames || _held.Count + Frame > mostSamples))
            End(_pause >= PauseFrames ? _held.Count - ((PauseFrames - AroundFrames) * Frame) : Quietest() * Frame, ended);
        else if (!_speaks && _pause >= AroundFrames)
            Forget(_held.Count - (AroundFrames * Frame));
    }

    /// <summary>Ends the stretch after so many of the samples that are held; the rest goes on.</summary>
    private void End(int samples, List<Utterance> ended)
    {
        bool isSpeech = _voiced >= _active * VoicedShare;
        if (isSpeech)
            ended.Add(new Utterance(_taken - _held.Count, [.. _held[..samples]]));
        bool goesOn = _pause < PauseFrames;
        Forget(samples);
        (_active, _voiced, _speaks) = (goesOn ? LeastFrames : 0, goesOn && isSpeech ? LeastFrames : 0, goesOn);
        if (!goesOn)
            Forget(Math.Max(0, _held.Count - (AroundFrames * Frame)));
    }

    private void Forget(int samples)
    {
        if (!_speaks)
            (_active, _voiced) = (0, 0);
        _held.RemoveRange(0, Math.Max(0, samples));
        _levels.RemoveRange(0, Math.Max(0, samples) / Frame);
    }

    /// <summary>The frame after which to cut: the quietest of the later half.</summary>
    private int Quietest()
    {
        int half = _levels.Count / 2;
        return half + 1 + TensorPrimitives.IndexOfMin(_levels.ToArray().AsSpan(half));
    }

    /// <summary>Power in decibels, of which 0 is the loudest there is.</summary>
    private static float Level(ReadOnlySpan<float> frame) => 10 * MathF.Log10((TensorPrimitives.SumOfSquares(frame) / frame.Length) + 1e-10f);

    private static bool IsVoiced(ReadOnlySpan<float> frame)
    {
        for (int period = ShortestPeriod; period <= LongestPeriod; period++)
        {
            ReadOnlySpan<float> later = frame[period..], earlier = frame[..^period];
            float power = MathF.Sqrt(TensorPrimitives.SumOfSquares(later) * TensorPrimitives.SumOfSquares(earlier));
            if (power > 0 && TensorPrimitives.Dot(later, earlier) > Periodic * power)
                return true;
        }
        return false;
    }
}
