using Streaming.Models;

namespace Streaming.Pipelines.Tests;

/// <summary>Calls the box around all that is nearly white a car.</summary>
/// <param name="onRun">Told of how many pictures each run has.</param>
internal sealed class BrightThingDetector(Action<int>? onRun = null) : IObjectDetector
{
    public Letterbox Input { get; } = new(64);

    public IReadOnlyList<string> Labels { get; } = ["car"];

    public bool IsDisposed { get; private set; }

    public IReadOnlyList<IReadOnlyList<Detection>> Detect(ReadOnlySpan<float> pixels, int pictures)
    {
        onRun?.Invoke(pictures);
        var found = new IReadOnlyList<Detection>[pictures];
        for (int i = 0; i < pictures; i++)
            found[i] = Find(pixels.Slice(i * Input.Values, Input.Side * Input.Side));
        return found;
    }

    public void Dispose() => IsDisposed = true;

    private Detection[] Find(ReadOnlySpan<float> red)
    {
        int left = Input.Side, right = -1, top = Input.Side, bottom = -1;
        for (int i = 0; i < red.Length; i++)
        {
            if (red[i] < 210)
                continue;
            (int x, int y) = (i % Input.Side, i / Input.Side);
            (left, right, top, bottom) = (Math.Min(left, x), Math.Max(right, x), Math.Min(top, y), Math.Max(bottom, y));
        }
        float side = Input.Side;
        return right < left ? [] : [new Detection(new Box(left / side, top / side, (right + 1) / side, (bottom + 1) / side), "car", 0.8f)];
    }
}
