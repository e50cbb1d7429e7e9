namespace Streaming.Models;

/// <summary>What a device does next for those whose answers are in its hands.</summary>
public abstract record ScheduledRun
{
    private ScheduledRun()
    {
    }

    /// <summary>Reads on in one prompt.</summary>
    /// <param name="MostTokens">No more of it than this, so that nobody waits long.</param>
    public sealed record Read(int Answer, int MostTokens) : ScheduledRun;

    /// <summary>Writes one token of every answer whose prompt has been read.</summary>
    public sealed record Step : ScheduledRun;
}

/// <summary>
/// Which run of a language model comes next, where several answers are written together. Prompts are read one after another, in the order
/// in which they came, as long as there is a slot to write in; between two stretches of a prompt everybody who writes goes one token
/// further, so that neither readers nor writers wait for the others to end. Pure; one caller at a time.
/// </summary>
/// <param name="slots">The most answers that are read or written at a time.</param>
/// <param name="longestRun">The most tokens of a prompt in a run while nobody writes.</param>
/// <param name="longestRunBeside">The most while somebody does.</param>
public sealed class AnswerSchedule(int slots, int longestRun, int longestRunBeside)
{
    private readonly LinkedList<int> _waiting = [];
    private readonly int?[] _writers = new int?[slots];
    private int? _reader;
    private bool _hasRead;

    /// <summary>Who writes in each slot.</summary>
    public IReadOnlyList<int?> Writers => _writers;

    /// <summary>Whose prompt is being read; null: nobody's.</summary>
    public int? Reader => _reader;

    /// <summary>An answer waits for its prompt to be read.</summary>
    public bool Waits(int answer) => _waiting.Contains(answer);

    /// <summary>A prompt waits to be read.</summary>
    /// <param name="answer">Names it; no two that are under way have one name.</param>
    public void Ask(int answer) => _waiting.AddLast(answer);

    /// <summary>What comes next; null: nothing is to be done.</summary>
    public ScheduledRun? Next()
    {
        bool isWriting = Array.Exists(_writers, writer => writer is not null);
        if (_reader is null && _waiting.First is { } first && Array.Exists(_writers, writer => writer is null))
        {
            _reader = first.Value;
            _waiting.RemoveFirst();
        }
        if (_reader is { } reader && !(isWriting && _hasRead))
        {
            _hasRead = true;
            return new ScheduledRun.Read(reader, isWriting ? Math.Min(longestRun, longestRunBeside) : longestRun);
        }
        _hasRead = false;
        return isWriting ? new ScheduledRun.Step() : null;
    }

    /// <summary>The prompt that is being read has been read to its end: its answer is written from now on.</summary>
    /// <returns>The slot.</returns>
    public int Write()
    {
        int slot = Array.IndexOf(_writers, null);
        (_writers[slot], _reader) = (_reader ?? throw new InvalidOperationException("No prompt is being read."), null);
        return slot;
    }

    /// <summary>An answer is done or given up, wherever it stands.</summary>
    /// <returns>The slot that it leaves; null if it had none.</returns>
    public int? End(int answer)
    {
        if (_reader == answer)
            _reader = null;
        _waiting.Remove(answer);
        int slot = Array.IndexOf(_writers, answer);
        if (slot < 0)
            return null;
        _writers[slot] = null;
        return slot;
    }
}
