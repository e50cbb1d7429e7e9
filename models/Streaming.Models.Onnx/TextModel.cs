using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>
/// What tells of words how the visual tokens look that show them: <c>text_model.onnx</c>, where a folder has one. <c>input_ids</c> int64
/// [batch, tokens] go in, <c>last_hidden_state</c> float32 [batch, tokens, hidden] comes out, zeros for words that no token looks like.
/// Without it the embeddings of the words have to do, which resemble visual tokens only as far as the model was trained to make them.
/// </summary>
internal sealed class TextModel : IDisposable
{
    public const string Session = "text_model";

    private readonly InferenceSession _session;

    /// <exception cref="InvalidModelException">The graph has other inputs or outputs.</exception>
    public TextModel(InferenceSession session, int hidden)
    {
        _session = session;
        try
        {
            GraphSignature.Require(
                session, Session,
                [new("input_ids", [TensorElementType.Int64], [null, null])],
                [new("last_hidden_state", [TensorElementType.Float], [null, null, hidden])]);
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <summary>[tokens, hidden].</summary>
    public float[] Run(ReadOnlySpan<int> ids, int hidden) => TokenRows.Of(_session, "last_hidden_state", ids, hidden);

    public void Dispose() => _session.Dispose();
}
