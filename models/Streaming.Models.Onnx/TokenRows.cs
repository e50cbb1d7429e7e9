using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>Runs graphs that give one row for each token.</summary>
internal static class TokenRows
{
    /// <param name="session">input_ids int64 [1, tokens] -> float32 [1, tokens, hidden].</param>
    public static float[] Of(InferenceSession session, string output, ReadOnlySpan<int> ids, int hidden)
    {
        using var tokens = new NativeTensor<long>(1, ids.Length);
        using var rows = new NativeTensor<float>(1, ids.Length, hidden);
        for (int i = 0; i < ids.Length; i++)
            tokens.Data[i] = ids[i];
        using OrtIoBinding binding = session.CreateIoBinding();
        using var options = new RunOptions();
        binding.BindInput("input_ids", tokens.Value);
        binding.BindOutput(output, rows.Value);
        session.RunWithBinding(options, binding);
        return rows.Data.ToArray();
    }
}
