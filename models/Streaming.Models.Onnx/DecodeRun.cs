using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>
/// One greedy generation: the prompt in two runs (prefill), up to its last visual token and the rest, then one token a run (decode step).
/// What was made of the first part is left with the session, so that the next question about the same pictures skips it. Where the decoder
/// is cut, visual tokens are made fewer between its parts: each part's cache is as long as what it has read, every token keeps its
/// position. Not for several threads, but for <see cref="Terminate"/>.
/// </summary>
internal sealed class DecodeRun : IDisposable
{
    private readonly DecoderSession _session;
    private readonly TimedRuns _runs;
    private readonly PartRun[] _parts;
    private readonly OrtIoBinding _embed;
    private readonly NativeTensor<float> _embedding;
    private readonly NativeTensor<long> _token = new(1, 1);
    private readonly NativeTensor<long> _position = new(1, 1);
    private readonly List<IDisposable> _between = [];
    private Logits? _logits;

    public DecodeRun(DecoderSession session, TimeProvider clock)
    {
        (_session, _runs) = (session, new TimedRuns(clock));
        _parts = [.. session.Parts.Select(part => new PartRun(part, session, _runs))];
        _embed = session.Embed.CreateIoBinding();
        _embedding = new NativeTensor<float>(1, 1, session.Hidden);
    }

    /// <summary>The time inside the networks so far.</summary>
    public TimeSpan ModelTime => _runs.Elapsed;

    /// <summary>Makes the run in progress, if any, and all later ones fail at once. Any thread may call it.</summary>
    public void Terminate() => _runs.Terminate();

    /// <summary>How many tokens of the prompt had been read for an earlier one, by the decoder or by its first part.</summary>
    public int CachedTokens { get; private set; }

    /// <summary>What the latest token was taken from, [vocabulary].</summary>
    public ReadOnlySpan<float> Logits => _logits!.Values;

    /// <summary>Reads the whole prompt and returns the first token of the answer, which is no end token: an answer has one word at least.</summary>
    public int Prefill(EncodedPrompt prompt)
    {
        int shared = ReadPrefix.LengthIn(prompt, _session.Manifest.ImageTokenId);
        if (shared > 0)
            ReadShared(prompt, shared);
        Read(prompt, shared, prompt.TokenIds.Length);
        if (_parts.Length > 1)
            ReadAbove(prompt, shared);
        _logits = Onnx.Logits.OfLastPosition(_parts[^1].Outputs[0]);
        BindStep(_logits);
        return _logits.Greedy(except: _session.Manifest.EosTokenIds);
    }

    /// <summary>Appends a token and returns the one after it.</summary>
    public int Step(int token)
    {
        _token.Data[0] = token;
        _position.Data[0] = _parts[0].Length;
        _runs.Run(_session.Embed, _embed);
        foreach (var part in _parts)
            part.Step();
        return _logits!.Greedy();
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        _between.ForEach(tensor => tensor.Dispose());
        _embed.Dispose();
        _logits?.Dispose();
        _embedding.Dispose();
        _token.Dispose();
        _position.Dispose();
        _runs.Dispose();
    }

    /// <summary>Goes on from the session's prefix if it is this prompt's, else reads it and leaves it there.</summary>
    private void ReadShared(EncodedPrompt prompt, int length)
    {
        if (_session.Prefix is { } known && known.Length == length && known.Begins(prompt))
        {
            CachedTokens = length;
            _parts[0].GoOnFrom(known.Outputs, length);
            return;
        }
        Read(prompt, 0, length);
        var outputs = _parts[0].TakeOutputs();
        if (_parts.Length == 1)
            outputs[0].Dispose(); // logits of tokens that nobody continues
        _session.Prefix = new ReadPrefix(prompt, length, outputs);
    }

    /// <summary>Runs the decoder, or its first part, over some tokens of the prompt, after those that it has read.</summary>
    private void Read(EncodedPrompt prompt, int from, int to)
    {
        int count = to - from;
        using var embeddings = new NativeTensor<float>(1, count, _session.Hidden);
        using var positions = new NativeTensor<long>(1, count);
        Embed(prompt, from, embeddings);
        for (int i = 0; i < count; i++)
            positions.Data[i] = from + i;
        _parts[0].Read([embeddings.Value], positions.Value, count);
    }

    /// <summary>Runs the other parts over the whole prompt, less the visual tokens that each cut takes out.</summary>
    /// <param name="shared">The tokens that the session's prefix holds.</param>
    private void ReadAbove(EncodedPrompt prompt, int shared)
    {
        int[] visual = [.. Enumerable.Range(0, prompt.TokenIds.Length).Where(i => prompt.TokenIds[i] == _session.Manifest.ImageTokenId)];
        IReadOnlyList<OrtValue>[] read = shared > 0 ? [_session.Prefix!.Outputs, _parts[0].Outputs] : [_parts[0].Outputs];
        long[] positions = [.. Enumerable.Range(0, prompt.TokenIds.Length)];
        var rows = new HiddenRows(Exits(_parts[0], read), positions, visual);
        foreach (var ((below, part), cut) in _parts.Zip(_parts.Skip(1)).Zip(_session.Reducer!.Cuts))
        {
            if (below != _parts[0])
                rows = rows.With(Exits(below, below.Outputs));
            float[] attention = HiddenTensor.Read(below.Outputs[below.Part.Exit.Count]);
            int keep = (int)Math.Round(visual.Length * cut.Keep);
            rows = rows.Reduce(attention, keep, _session.Reducer.Dropped);
            Read(part, rows);
        }
    }

    private static void Read(PartRun part, HiddenRows rows)
    {
        using var positions = new NativeTensor<long>(1, rows.Count);
        rows.Positions.CopyTo(positions.Data);
        INativeTensor[] entry = [.. part.Part.Entry.Zip(rows.Terms, (name, term) => HiddenTensor.Of(part.Part.TypeOf(name), term, rows.Count))];
        part.Read([.. entry.Select(tensor => tensor.Value)], positions.Value, rows.Count);
        foreach (var tensor in entry)
            tensor.Dispose();
    }

    /// <summary>The rows that left a part in one run or several.</summary>
    private static float[][] Exits(PartRun part, params IReadOnlyList<OrtValue>[] runs) =>
        [.. Enumerable.Range(0, part.Part.Exit.Count).Select(exit => HiddenTensor.Read([.. runs.Select(outputs => outputs[exit])]))];

    /// <summary>Token embeddings with the visual rows in place of the image tokens; encoding has checked that there are as many.
    /// Visual tokens stand in the first part or nowhere.</summary>
    private void Embed(EncodedPrompt prompt, int from, NativeTensor<float> embeddings)
    {
        ReadOnlySpan<int> part = prompt.TokenIds.AsSpan(from, embeddings.Data.Length / _session.Hidden);
        using var ids = new NativeTensor<long>(1, part.Length);
        for (int i = 0; i < part.Length; i++)
            ids.Data[i] = part[i];
        _embed.BindInput("input_ids", ids.Value);
        _embed.BindOutput("inputs_embeds", embeddings.Value);
        _runs.Run(_session.Embed, _embed);
        if (from > 0)
            return;
        int place = -1;
        foreach (var frame in prompt.Frames)
            for (int row = 0; row < frame.Count; row++)
            {
                place = Array.IndexOf(prompt.TokenIds, _session.Manifest.ImageTokenId, place + 1);
                frame[row].CopyTo(embeddings.Data[(place * _session.Hidden)..]);
            }
    }

    /// <summary>From now on every run reads and writes the same one-token tensors, each part the next one's.</summary>
    private void BindStep(Logits logits)
    {
        _embed.BindInput("input_ids", _token.Value);
        _embed.BindOutput("inputs_embeds", _embedding.Value);
        IReadOnlyList<OrtValue> entry = [_embedding.Value];
        foreach (var part in _parts)
        {
            IReadOnlyList<OrtValue> exit = part == _parts[^1] ? [logits.Value] : [.. part.Part.Exit.Select(name => Between(part.Part, name))];
            part.BindStep(entry, _position.Value, exit);
            entry = exit;
        }
    }

    private OrtValue Between(DecoderPart part, string exit)
    {
        var tensor = HiddenTensor.Of(part.TypeOf(exit), new float[_session.Hidden], 1);
        _between.Add(tensor);
        return tensor.Value;
    }
}
