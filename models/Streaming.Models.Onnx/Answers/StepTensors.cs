using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx.Answers;

/// <summary>The tensors by which one token a row comes into the decoder, the same in every step.</summary>
internal sealed class StepTensors : IDisposable
{
    private readonly DecoderSession _session;
    private readonly int _rows;
    private readonly NativeTensor<long> _tokens, _positions;
    private readonly NativeTensor<float> _embeddings;
    private readonly OrtIoBinding _embed;

    public StepTensors(DecoderSession session, int rows)
    {
        (_session, _rows) = (session, rows);
        _tokens = new NativeTensor<long>(rows, 1);
        _positions = session.Family.PositionAxes == 1 ? new(rows, 1) : new(session.Family.PositionAxes, rows, 1);
        _embeddings = new NativeTensor<float>(rows, 1, session.Hidden);
        _tokens.Data.Clear();
        _positions.Data.Clear();
        _embed = session.Embed.CreateIoBinding();
        _embed.BindInput("input_ids", _tokens.Value);
        _embed.BindOutput("inputs_embeds", _embeddings.Value);
    }

    /// <summary>[rows, 1, hidden].</summary>
    public OrtValue Embeddings => _embeddings.Value;

    /// <summary>[rows, 1], or [axes, rows, 1].</summary>
    public OrtValue Positions => _positions.Value;

    /// <summary>How often tokens were embedded.</summary>
    public int Steps { get; private set; }

    /// <param name="position">Of the token, on all axes.</param>
    public void Set(int row, int token, long position)
    {
        _tokens.Data[row] = token;
        for (int at = row; at < _positions.Data.Length; at += _rows)
            _positions.Data[at] = position;
    }

    public void Embed(TimedRuns runs)
    {
        runs.Run(_session.Embed, _embed);
        Steps++;
    }

    public void Dispose()
    {
        _embed.Dispose();
        _tokens.Dispose();
        _positions.Dispose();
        _embeddings.Dispose();
    }
}
