namespace Streaming.Models.Onnx.Answers;

/// <summary>One answer at a time: for decoders that are cut, that keep their cache on another device, or whose rows cannot be of different lengths.</summary>
internal sealed class LoneAnswer : IAnswerBatch
{
    private DecodeRun? _run;
    private TimeSpan _before;

    public int Slots => 1;

    public TimeSpan ModelTime => _before + (_run?.ModelTime ?? TimeSpan.Zero);

    public void Join(int slot, DecodeRun run, int mostTokens)
    {
        // What it took to read the prompt is no step's.
        _before -= run.ModelTime;
        _run = run;
    }

    public void Leave(int slot)
    {
        _before = ModelTime;
        _run!.Dispose();
        _run = null;
    }

    public void Step(IReadOnlyList<int?> tokens) => _run!.Step(tokens[0]!.Value);

    public ReadOnlySpan<float> Logits(int slot) => _run!.Logits.OfRow(0);

    public void Dispose() => _run?.Dispose();
}
