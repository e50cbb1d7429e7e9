using Microsoft.ML.OnnxRuntime;
using Streaming.Models.Shapes;

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
    private readonly TimedRuns _runs;
    private readonly PartRun[] _parts;
    private readonly OrtIoBinding _embed;
    private readonly NativeTensor<float> _embedding;
    private readonly NativeTensor<long> _token = new(1, 1);
    private readonly NativeTensor<long> _position;
    private readonly List<IDisposable> _between = [];
    private TokenPositions _positions = TokenPositions.OneByOne(0);
    private long _steps;
    private Logits? _logits;
    private ReadPrefix? _own;

    public DecodeRun(DecoderSession session, TimeProvider clock)
    {
        (_session, _runs) = (session, new TimedRuns(clock));
        _parts = [.. session.Parts.Select(part => new PartRun(part, session, _runs))];
        _embed = session.Embed.CreateIoBinding();
        _embedding = new NativeTensor<float>(1, 1, session.Hidden);
        _position = session.Positions(1);
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
    /// <param name="key">Names its beginning up to the last visual token; null: that is neither looked for nor kept.</param>
    /// <param name="shape">What the answer has to look like; null: anything.</param>
    public int Prefill(EncodedPrompt prompt, PrefixKey? key, ShapedAnswer? shape = null)
    {
        _positions = _session.Family.Positions(prompt, _session.Manifest);
        int shared = ReadPrefix.LengthIn(prompt, _session.Manifest.ImageTokenId);
        float[][] exits = Exits(_parts[0], prompt.TokenIds.Length);
        if (shared > 0)
            ReadShared(prompt, shared, key, exits);
        Read(prompt, shared, prompt.TokenIds.Length, exits);
        if (_parts.Length > 1)
            ReadAbove(prompt, exits);
        _logits = Onnx.Logits.OfLastPosition(_parts[^1].Outputs[0]);
        BindStep(_logits);
        return shape is null ? _logits.Greedy(except: _session.Manifest.EosTokenIds) : _logits.Greedy(shape.Allowed);
    }

    /// <summary>Appends a token and returns the one after it.</summary>
    public int Step(int token, ShapedAnswer? shape = null)
    {
        _token.Data[0] = token;
        _position.Data.Fill(_positions.Next + _steps++);
        _runs.Run(_session.Embed, _embed);
        foreach (var part in _parts)
            part.Step();
        return shape is null ? _logits!.Greedy() : _logits!.Greedy(shape.Allowed);
    }

    public void Dispose()
    {
        foreach (var part in _parts)
            part.Dispose();
        _between.ForEach(tensor => tensor.Dispose());
        _own?.Dispose();
        _embed.Dispose();
        _logits?.Dispose();
        _embedding.Dispose();
        _token.Dispose();
        _position.Dispose();
        _runs.Dispose();
    }

    /// <summary>Goes on from what an earlier prompt left with the session if it begins alike, else reads the beginning and leaves it there. With a
    /// key or without, it is read in a run of its own, so that the numbers are the same.</summary>
    /// <param name="exits">Receive what the first part made of it.</param>
    private void ReadShared(EncodedPrompt prompt, int length, PrefixKey? key, float[][] exits)
    {
        if (key is not null && _session.Prefixes.Find(key) is { } known && known.Begins(prompt, length))
        {
            CachedTokens = length;
            _parts[0].GoOnFrom(known.Outputs, length);
            foreach (var (rows, left) in exits.Zip(known.Exits))
                left.CopyTo(rows, 0);
            return;
        }
        Read(prompt, 0, length, exits);
        if (key is null)
            return;
        var prefix = new ReadPrefix(prompt.TokenIds[..length], _parts[0].TakeOutputs(), [.. exits.Select(rows => rows[..(length * _session.Hidden)])], _parts[0].Part);
        if (!_session.Prefixes.Add(key, prefix, prefix.SizeBytes))
            _own = prefix;
    }

    /// <summary>Runs the decoder, or its first part, over some tokens of the prompt, after those that it has read.</summary>
    /// <param name="exits">Receive what the part makes of them, at their places in the prompt.</param>
    private void Read(EncodedPrompt prompt, int from, int to, float[][] exits)
    {
        foreach (var (start, end) in Runs(from, to))
        {
            int count = end - start;
            using var embeddings = new NativeTensor<float>(1, count, _session.Hidden);
            using var positions = Positions(count, i => start + i);
            Embed(prompt, start, end, embeddings);
            _parts[0].Read([embeddings.Value], positions.Value, count);
            Keep(_parts[0], exits, start);
        }
    }

    /// <summary>Runs the other parts over the whole prompt, less the visual tokens that each cut takes out.</summary>
    /// <param name="exits">What the first part made of it.</param>
    private void ReadAbove(EncodedPrompt prompt, float[][] exits)
    {
        int[] visual = [.. Enumerable.Range(0, prompt.TokenIds.Length).Where(i => prompt.TokenIds[i] == _session.Manifest.ImageTokenId)];
        var rows = new HiddenRows(exits, [.. Enumerable.Range(0, prompt.TokenIds.Length)], visual);
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
        foreach (var (start, end) in Runs(0, rows.Count))
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
    private IEnumerable<(int Start, int End)> Runs(int from, int to)
    {
        for (int start = from; start < to; start += _session.LongestRun)
            yield return (start, Math.Min(to, start + _session.LongestRun));
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
    private void Embed(EncodedPrompt prompt, int from, int to, NativeTensor<float> embeddings)
    {
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
