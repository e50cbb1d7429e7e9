using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>One part of the decoder in one generation: each run's present becomes the next one's past without leaving the device.</summary>
internal sealed class PartRun : IDisposable
{
    private readonly DecoderPart _part;
    private readonly DecoderSession _session;
    private readonly TimedRuns _runs;
    private readonly OrtIoBinding _binding;
    private IDisposableReadOnlyCollection<OrtValue>? _outputs;
    private OrtValue? _mask;
    private bool _isStepping;

    public PartRun(DecoderPart part, DecoderSession session, TimedRuns runs)
    {
        (_part, _session, _runs) = (part, session, runs);
        _binding = part.Session.CreateIoBinding();
        foreach (var (input, value) in part.Constants)
            _binding.BindInput(input, value);
    }

    public DecoderPart Part => _part;

    /// <summary>How many tokens the part's cache holds.</summary>
    public int Length { get; private set; }

    /// <summary>What the latest run wrote: the exits, then the attention if the part has one and reads a prompt, then the cache.</summary>
    public IReadOnlyList<OrtValue> Outputs => _outputs!;

    /// <summary>The keys and values that the latest run wrote, as the part's cache lists them.</summary>
    public IReadOnlyList<OrtValue> CacheOutputs => [.. _outputs!.TakeLast(_part.Cache.Count)];

    /// <summary>Reads tokens after those that it has read.</summary>
    /// <param name="entry">One tensor for each of the part's entries, [1, count, hidden].</param>
    /// <param name="positions">[1, count].</param>
    public void Read(IReadOnlyList<OrtValue> entry, OrtValue positions, int count)
    {
        BindTokens(entry, positions);
        foreach (string exit in _part.Exit)
            _binding.BindOutputToDevice(exit, OrtMemoryInfo.DefaultInstance);
        if (_part.HasAttention)
            _binding.BindOutputToDevice(Graphs.LastAttention.Output, OrtMemoryInfo.DefaultInstance);
        Run(count);
    }

    /// <summary>Goes on after tokens that another run of this part has read; its outputs stay with whoever has them.</summary>
    public void GoOnFrom(IReadOnlyList<OrtValue> outputs, int length)
    {
        Length = length;
        BindPast(outputs);
    }

    /// <summary>Hands the latest outputs over to the caller, to dispose them; the next run still reads their cache.</summary>
    public IDisposableReadOnlyCollection<OrtValue> TakeOutputs()
    {
        var outputs = _outputs!;
        _outputs = null;
        return outputs;
    }

    /// <summary>From now on every run reads and writes the same one-token tensors.</summary>
    public void BindStep(IReadOnlyList<OrtValue> entry, OrtValue position, IReadOnlyList<OrtValue> exit)
    {
        _isStepping = true;
        BindTokens(entry, position);
        _binding.ClearBoundOutputs();
        for (int i = 0; i < exit.Count; i++)
            _binding.BindOutput(_part.Exit[i], exit[i]);
    }

    /// <summary>Reads one token from the tensors of <see cref="BindStep"/>.</summary>
    public void Step() => Run(1);

    public void Dispose()
    {
        _binding.Dispose();
        _outputs?.Dispose();
        _mask?.Dispose();
    }

    private void Run(int newTokens)
    {
        Length += newTokens;
        _mask?.Dispose();
        _mask = _session.Ones.View([1, Length], Length);
        _binding.BindInput("attention_mask", _mask);
        foreach (var cache in _part.Cache)
            _binding.BindOutputToDevice(cache.Present, _session.CacheMemory);
        _runs.Run(_part.Session, _binding);
        _outputs?.Dispose();
        _outputs = _binding.GetOutputValues();
        BindPast(_outputs);
    }

    private void BindPast(IReadOnlyList<OrtValue> outputs)
    {
        int first = _part.Exit.Count + (_part.HasAttention && !_isStepping ? 1 : 0);
        for (int i = 0; i < _part.Cache.Count; i++)
            _binding.BindInput(_part.Cache[i].Past, outputs[first + i]);
    }

    private void BindTokens(IReadOnlyList<OrtValue> entry, OrtValue positions)
    {
        for (int i = 0; i < entry.Count; i++)
            _binding.BindInput(_part.Entry[i], entry[i]);
        if (_part.Declares("position_ids"))
            _binding.BindInput("position_ids", positions);
    }
}
