namespace Streaming.Pipelines;

/// <summary>Whether a device answers, by what its inferences came to. Any thread may tell and ask.</summary>
/// <param name="failuresInARow">After so many the model counts as out of order.</param>
/// <param name="note">Told in one line when trouble begins and when it is over.</param>
internal sealed class InferenceHealth(int failuresInARow, Action<string>? note)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<(InferenceClass, InferenceFault), long> _faults = [];
    private bool _isStuck;
    private int _failures;

    /// <summary>Why no inference can be expected to succeed, in words; null if they can.</summary>
    internal string? Trouble
    {
        get
        {
            lock (_gate)
                return Words();
        }
    }

    internal IReadOnlyList<InferenceFaultCount> Faults
    {
        get
        {
            lock (_gate)
                return [.. _faults.Select(fault => new InferenceFaultCount(fault.Key.Item1, fault.Key.Item2, fault.Value))];
        }
    }

    internal void Count(InferenceClass inferenceClass, InferenceFault fault)
    {
        lock (_gate)
            _faults[(inferenceClass, fault)] = _faults.GetValueOrDefault((inferenceClass, fault)) + 1;
    }

    internal void Succeed() => Change(() => _failures = 0);

    internal void Fail(Exception cause) => Change(() => _failures++, $" ({cause.GetType().Name}: {cause.Message.Split('\n')[0]})");

    internal void Stick() => Change(() => _isStuck = true);

    /// <summary>The inference that hung has ended.</summary>
    internal void Unstick() => Change(() => _isStuck = false);

    private string? Words() => _isStuck ? "the model does not answer: one of its runs hangs" : _failures >= failuresInARow ? "the model fails again and again" : null;

    private void Change(Action change, string why = "")
    {
        string? before, after;
        lock (_gate)
        {
            before = Words();
            change();
            after = Words();
        }
        if (before != after)
            note?.Invoke(after is null ? "the model answers again" : after + why);
    }
}
