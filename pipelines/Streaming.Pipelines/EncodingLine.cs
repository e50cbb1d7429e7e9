using System.Diagnostics;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>
/// The one line in front of the vision encoder: what streams have waiting goes through together with the one whose turn it is, the freshest
/// first, so that on a device that likes batches many cameras cost little more than one, and under pressure what is seen is what just happened.
/// Whoever has waited longest leads a batch, so that nobody waits for ever.
/// </summary>
/// <param name="queue">Grants the device, one batch at a time.</param>
/// <param name="longest">How long one run may take: a question that comes meanwhile waits for its end. Never shorter than one wish takes.</param>
public sealed class EncodingLine(IVisionEncoder encoder, InferenceQueue queue, TimeSpan longest)
{
    /// <summary>A tenth of the second in which an answer is to begin.</summary>
    public static readonly TimeSpan LongestRun = TimeSpan.FromMilliseconds(100);

    // More fill no device, and their pictures have to be held: 32 of 512 x 512 are 100 MB.
    private const int MostFrames = 32;

    private readonly Lock _gate = new();
    private readonly List<Wish> _waiting = [];
    private readonly SemaphoreSlim _run = new(1);
    private readonly int _pixelsOfFrame = 3 * encoder.Shape.ImageHeight * encoder.Shape.ImageWidth;
    private readonly int _featuresOfFrame = encoder.Shape.TokensPerFrame * encoder.Shape.Hidden;
    private readonly int _tokensOfFrame = encoder.Shape.TokensPerFrame;
    private TimeSpan _perFrame = TimeSpan.MaxValue;

    public IVisionEncoder Encoder => encoder;

    /// <summary>Encodes some frames, which stay together and in order.</summary>
    /// <param name="turn">Frames of one class go together.</param>
    /// <param name="pixels">[frames, 3, height, width].</param>
    /// <param name="features">Receives [frames, tokens, hidden].</param>
    /// <param name="saliency">Receives [frames, tokens]; may be empty.</param>
    /// <returns>Their share of the time that the encoder ran.</returns>
    /// <exception cref="InferenceException">The model did not encode them.</exception>
    public async Task<TimeSpan> EncodeAsync(InferenceClass turn, int frames, float[] pixels, float[] features, float[] saliency, CancellationToken cancellation)
    {
        var wish = new Wish(turn, frames, pixels, features, saliency);
        using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        lock (_gate)
            _waiting.Add(wish);
        try
        {
            Task<TimeSpan> own = queue.RunAsync(turn, stop => LeadAsync(wish, stop), waiting.Token);
            if (await Task.WhenAny(own, wish.Encoded.Task).ConfigureAwait(false) == own)
                return await own.ConfigureAwait(false);
            // It went along with another: its own turn is not needed any more.
            await waiting.CancelAsync().ConfigureAwait(false);
            await ((Task)own).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return await wish.Encoded.Task.ConfigureAwait(false);
        }
        finally
        {
            lock (_gate)
                _waiting.Remove(wish);
        }
    }

    /// <summary>One at a time: questions have their turns side by side, and one that goes along with another must not be encoded twice at once.</summary>
    private async Task<TimeSpan> LeadAsync(Wish wish, CancellationToken stop)
    {
        await _run.WaitAsync(stop).ConfigureAwait(false);
        try
        {
            return Lead(wish, stop);
        }
        finally
        {
            _run.Release();
        }
    }

    /// <summary>Encodes a wish whose turn it is and those that go along. If that fails, those stay in the line: their own turn comes.</summary>
    private TimeSpan Lead(Wish wish, CancellationToken stop)
    {
        if (wish.Encoded.Task.IsCompleted)
            return wish.Encoded.Task.Result;
        IReadOnlyList<Wish> batch = Gather(wish);
        int frames = batch.Sum(one => one.Frames);
        long start = Stopwatch.GetTimestamp();
        if (batch.Count == 1)
            encoder.Encode(wish.Pixels, frames, wish.Features, wish.Saliency, stop);
        else
            EncodeTogether(batch, frames, stop);
        _perFrame = Stopwatch.GetElapsedTime(start) / frames;
        foreach (Wish one in batch)
            one.Encoded.TrySetResult(_perFrame * one.Frames);
        return _perFrame * wish.Frames;
    }

    /// <summary>The leader, who leaves the line, and of the others of its class the freshest, as many as fit into one run.</summary>
    private List<Wish> Gather(Wish leader)
    {
        var batch = new List<Wish> { leader };
        int room = (int)Math.Min(MostFrames, longest / _perFrame) - leader.Frames;
        lock (_gate)
        {
            _waiting.Remove(leader);
            for (int i = _waiting.Count - 1; i >= 0 && room > 0; i--)
            {
                Wish wish = _waiting[i];
                if (wish.Turn != leader.Turn || wish.Frames > room || wish.Encoded.Task.IsCompleted)
                    continue;
                batch.Add(wish);
                room -= wish.Frames;
            }
        }
        return batch;
    }

    private void EncodeTogether(IReadOnlyList<Wish> batch, int frames, CancellationToken stop)
    {
        var pixels = new float[frames * _pixelsOfFrame];
        var features = new float[frames * _featuresOfFrame];
        float[] saliency = encoder.TellsSaliency ? new float[frames * _tokensOfFrame] : [];
        int first = 0;
        foreach (Wish wish in batch)
        {
            wish.Pixels.CopyTo(pixels, first * _pixelsOfFrame);
            first += wish.Frames;
        }
        encoder.Encode(pixels, frames, features, saliency, stop);
        first = 0;
        foreach (Wish wish in batch)
        {
            features.AsSpan(first * _featuresOfFrame, wish.Features.Length).CopyTo(wish.Features);
            if (wish.Saliency.Length > 0)
                saliency.AsSpan(first * _tokensOfFrame, wish.Saliency.Length).CopyTo(wish.Saliency);
            first += wish.Frames;
        }
    }

    /// <summary>Frames that somebody waits for.</summary>
    private sealed class Wish(InferenceClass turn, int frames, float[] pixels, float[] features, float[] saliency)
    {
        public InferenceClass Turn => turn;

        public int Frames => frames;

        public float[] Pixels => pixels;

        public float[] Features => features;

        public float[] Saliency => saliency;

        /// <summary>Completes with their share of the encoder's time.</summary>
        public TaskCompletionSource<TimeSpan> Encoded { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
