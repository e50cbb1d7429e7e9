namespace Streaming.Models.Onnx.Answers;

/// <summary>Answers whose prompts have been read and that are written together, each in a slot. One caller at a time.</summary>
internal interface IAnswerBatch : IDisposable
{
    /// <summary>How many there may be.</summary>
    int Slots { get; }

    /// <summary>The time inside the networks in all steps so far.</summary>
    TimeSpan ModelTime { get; }

    /// <summary>Takes over a run that has read its prompt to the end.</summary>
    /// <param name="slot">A free one.</param>
    /// <param name="mostTokens">The longest that prompt and answer will be together.</param>
    void Join(int slot, DecodeRun run, int mostTokens);

    /// <summary>Frees a slot.</summary>
    void Leave(int slot);

    /// <summary>Appends a token to every answer.</summary>
    /// <param name="tokens">By slot; null where nobody writes.</param>
    void Step(IReadOnlyList<int?> tokens);

    /// <summary>What the next token of the answer in a slot is taken from, [vocabulary], as of the latest step; valid until the next call.</summary>
    ReadOnlySpan<float> Logits(int slot);
}
