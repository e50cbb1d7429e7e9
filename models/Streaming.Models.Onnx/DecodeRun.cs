using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Onnx.Answers;

namespace Streaming.Models.Onnx;

/// <summary>
/// One greedy generation: the prompt (prefill), up to its last visual token and the rest, a long one in several runs, then one token a run (decode step).
/// What was made of the first part is left with the session, so that other questions about the same pictures skip it. Where the decoder
/// is cut, visual tokens are made fewer between its parts: each part's cache is as long as what it has read, every token keeps its
/// position. Not for several threads, but for <see cref="Terminate"/>.
/// </summary>
internal sealed class DecodeRun : IDisposable
{
    private readonly DecoderSession _session;
    private readonly EncodedPrompt _prompt;
    private readonly PrefixKey? _key;
    private readonly TimedRuns _runs;
    private readonly PartRun[] _parts;
    private readonly OrtIoBinding _embed;
    private readonly TokenPositions _positions;
    private readonly int _shared;
    private readonly float[][] _exits;
    private readonly List<IDisposable> _between = [];
    private int _read;
    private StepTensors? _step;
    private Logits? _logits;
    private ReadPrefix? _own;

    /// <param name="key">Names the prompt's beginning up to the last visual token; null: that is neither looked for nor kept.</param>
    public DecodeRun(DecoderSession session, EncodedPrompt prompt, PrefixKey? key, TimeProvider clock)
    {
        (_session, _prompt, _key, _runs) = (session, prompt, key, new TimedRuns(clock));
        _positions = session.Family.Positions(prompt, session.Manifest);
        _shared = ReadPrefix.LengthIn(prompt, session.Manifest.ImageTokenId);
        _parts = [.. session.Parts.Select(part => new PartRun(part, session, _runs))];
        _exits = Exits(_parts[0], prompt.TokenIds.Length);
        _embed = session.Embed.CreateIoBinding();
    }

    /// <summary>The time inside the networks so far.</summary>
    public TimeSpan ModelTime => _runs.Elapsed;

    /// <summary>Makes the run in progress, if any, and all later ones fail at once. Any thread may call it.</summary>
    public void Terminate() => _runs.Terminate();

    /// <summary>How many tokens of the prompt had been read for an earlier one, by the decoder or by its first part.</summary>
    public int CachedTokens { get; private set; }

    /// <summary>What the latest token is taken from, of one row. There are none before the prompt has been read.</summary>
    public Logits Logits => _logits!;

    /// <summary>Where the first token of the answer stands, on all axes.</summary>
    public long NextPosition => _positions.Next;

    /// <summary>The whole decoder, which has read the prompt.</summary>
    public PartRun Whole => _parts is [var whole] ? whole : throw new InvalidOperationException("The decoder is cut.");

    /// <summary>Reads on in the prompt: one run, unless the decoder is cut and comes to the end. Up to the last visual token runs are the same with a key or without.</summary>
    /// <param name="mostTokens">At least 1.</param>
    /// <returns>It has been read to its end.</returns>
    public bool ReadOn(int mostTokens)
    {
        if (_read == 0 && _shared > 0)
            GoOn();
        int length = _prompt.TokenIds.Length, from = _read;
        _read = Math.Min(from + mostTokens, from < _shared ? _shared : length);
        Read(from, _read);
        if (_read == _shared && from < _shared)
            Keep();
        if (_read < length)
            return false;
        if (_parts.Length > 1)
            ReadAbove();
        _logits = Onnx.Logits.OfLastPosition(_parts[^1].Outputs[0]);
        return true;
    }

    /// <summary>Appends a token; <see cref="Logits"/> are then of the one after it.</summary>
    public void Step(int token)
    {
        if (_step is null)
            BindStep();
        _step!.Set(0, token, _positions.Next + _step.Steps);
        _step.Embed(_runs);
        foreach (var part in _parts)
            part.Step();
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        _between.ForEach(tensor => tensor.Dispose());
        _own?.Dispose();
        _embed.Dispose();
        _step?.Dispose();
        _logits?.Dispose();
        _runs.Dispose();
    }

    /// <summary>Goes on from what an earlier prompt left with the session if it begins alike.</summary>
    private void GoOn()
    {
        if (_key is null || _session.Prefixes.Find(_key) is not { } known || !known.Begins(_prompt, _shared))
            return;
        _read = CachedTokens = _shared;
        _parts[0].GoOnFrom(known.Outputs, _shared);
        foreach (var (rows, left) in _exits.Zip(known.Exits))
            left.CopyTo(rows, 0);
    }

    /// <summary>Leaves what was made of the prompt's beginning with the session.</summary>
    private void Keep()
    {
        if (_key is null)
            return;
        var prefix = new ReadPrefix(_prompt.TokenIds[.._shared], _parts[0].TakeOutputs(), [.. _exits.Select(rows => rows[..(_shared * _session.Hidden)])], _parts[0].Part);
        if (!_session.Prefixes.Add(_key, prefix, prefix.SizeBytes))
            _own = prefix;
    }

    /// <summary>Runs the decoder, or its first part, over some tokens of the prompt, after those that it has read.</summary>
    private void Read(int from, int to)
    {
        int count = to - from;
        using var embeddings = new NativeTensor<float>(1, count, _session.Hidden);
        using var positions = Positions(count, i => from + i);
        Embed(from, to, embeddings);
        _parts[0].Read([embeddings.Value], positions.Value, count);
        Keep(_parts[0], _exits, from);
    }

    /// <summary>Runs the other parts over the whole prompt, less the visual tokens that each cut takes out.</summary>
    private void ReadAbove()
    {
        int[] ids = _prompt.TokenIds, visual = [.. Enumerable.Range(0, ids.Length).Where(i => ids[i] == _session.Manifest.ImageTokenId)];
        var rows = new HiddenRows(_exits, [.. Enumerable.Range(0, ids.Length)], visual);
        foreach (var ((below, part), cut) in _parts.Zip(_parts.Skip(1)).Zip(_session.Reducer!.Cuts))
        {
            float[] attention = HiddenTensor.Read(below.Outputs[below.Part.Exit.Count]);
            int keep = (int)Math.Round(visual.Length * cut.Keep);
            rows = rows.Reduce(attention, keep, _session.Reducer.Dropped);
            float[][] left = Read(part, rows);
            if (part != _parts[^1])
                rows = rows.With(left);
        }
    }

    /// <returns>What the part made of the rows; nothing from the last part.</returns>
    private float[][] Read(PartRun part, HiddenRows rows)
    {
        float[][] exits = Exits(part, rows.Count);
        foreach (var (start, end) in Runs(rows.Count))
        {
            int count = end - start, hidden = _session.Hidden;
            using var positions = Positions(count, i => (int)rows.Positions[start + i]);
            INativeTensor[] entry =
                [.. part.Part.Entry.Zip(rows.Terms, (name, term) => HiddenTensor.Of(part.Part.TypeOf(name), term.AsSpan(start * hidden, count * hidden), count))];
            part.Read([.. entry.Select(tensor => tensor.Value)], positions.Value, count);
            foreach (var tensor in entry)
                tensor.Dispose();
            Keep(part, exits, start);
        }
        return exits;
    }

    /// <param name="token">Index in the prompt of each token that is read.</param>
    private NativeTensor<long> Positions(int count, Func<int, int> token)
    {
        var positions = _session.Positions(count);
        for (int axis = 0; axis < _positions.Axes; axis++)
            for (int i = 0; i < count; i++)
                positions.Data[(axis * count) + i] = _positions[axis, token(i)];
        return positions;
    }

    /// <summary>The stretches of some rows that are read in one run each.</summary>
    private IEnumerable<(int Start, int End)> Runs(int rows)
    {
        for (int start = 0; start < rows; start += _session.LongestRun)
            yield return (start, Math.Min(rows, start + _session.LongestRun));
    }

    /// <summary>Room for what leaves a part, [tokens, hidden] for each exit; none for the last part's.</summary>
    private float[][] Exits(PartRun part, int tokens) =>
        part == _parts[^1] ? [] : [.. part.Part.Exit.Select(_ => new float[tokens * _session.Hidden])];

    /// <summary>Keeps what left a part in its latest run, from a row on.</summary>
    private void Keep(PartRun part, float[][] exits, int row)
    {
        for (int i = 0; i < exits.Length; i++)
            HiddenTensor.Read(part.Outputs[i], exits[i].AsSpan(row * _session.Hidden));
    }

    /// <summary>Token embeddings with the visual rows in place of the image tokens; encoding has checked that there are as many.</summary>
    private void Embed(int from, int to, NativeTensor<float> embeddings)
    {
        EncodedPrompt prompt = _prompt;
        int image = _session.Manifest.ImageTokenId;
        using var ids = new NativeTensor<long>(1, to - from);
        for (int i = 0; i < to - from; i++)
            ids.Data[i] = prompt.TokenIds[from + i];
        _embed.BindInput("input_ids", ids.Value);
        _embed.BindOutput("inputs_embeds", embeddings.Value);
        _runs.Run(_session.Embed, _embed);
        if (!prompt.TokenIds.AsSpan(from, to - from).Contains(image))
            return;
        int place = -1;
        foreach (var frame in prompt.Frames)
            for (int row = 0; row < frame.Count; row++)
            {
                place = Array.IndexOf(prompt.TokenIds, image, place + 1);
                if (place >= from && place < to)
                    frame[row].CopyTo(embeddings.Data[((place - from) * _session.Hidden)..]);
            }
    }

    /// <summary>From now on every run reads and writes the same one-token tensors, each part the next one's.</summary>
    private void BindStep()
    {
        _step = new StepTensors(_session, rows: 1);
        IReadOnlyList<OrtValue> entry = [_step.Embeddings];
        foreach (var part in _parts)
        {
            IReadOnlyList<OrtValue> exit = part == _parts[^1] ? [Logits.Value] : [.. part.Part.Exit.Select(name => Between(part.Part, name))];
            part.BindStep(entry, _step.Positions, exit);
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
