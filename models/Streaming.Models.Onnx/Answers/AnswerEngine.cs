namespace Streaming.Models.Onnx.Answers;

/// <summary>
/// Writes the answers of one language model, several together: the schedule says which run comes next, and one thread makes the runs, that
/// of the caller who comes when there is none. A caller whose answer has ended leaves the others to a thread of the pool. What fails
/// in a run that reads fails one answer, what fails in a step fails all that it writes.
/// </summary>
internal sealed class AnswerEngine(DecoderSession session, IAnswerBatch batch, OnnxOptions options) : IDisposable
{
    private readonly Lock _gate = new();
    private readonly AnswerSchedule _schedule = new(batch.Slots, options.LongestRun, options.LongestRunBeside);
    private readonly Dictionary<int, Generation> _open = [];
    private int _names;
    private bool _isRunning;

    /// <summary>How many answers are written together.</summary>
    public int Slots => batch.Slots;

    /// <summary>Completes when the answer has ended, whatever ended it.</summary>
    public async Task WriteAsync(Generation answer)
    {
        bool isFirst;
        lock (_gate)
        {
            _open.Add(answer.Name = ++_names, answer);
            _schedule.Ask(answer.Name);
            isFirst = !_isRunning;
            _isRunning = true;
        }
        await using var stopping = answer.Stop.Register(() => GiveUp(answer));
        if (isFirst)
            Run(answer);
        await answer.Ended.ConfigureAwait(false);
    }

    public void Dispose() => batch.Dispose();

    /// <summary>Makes runs until there is nothing to do.</summary>
    /// <param name="own">The caller's answer; null on a thread of the pool.</param>
    private void Run(Generation? own)
    {
        try
        {
            while (Next(own) is var (run, reader) && run is not null)
            {
                if (run is ScheduledRun.Read read)
                    Read(reader!, read.MostTokens);
                else
                    Step();
            }
        }
        catch (Exception error)
        {
            EndAll(error); // A bug: nobody shall wait for ever.
        }
    }

    private void EndAll(Exception error)
    {
        Generation[] open;
        lock (_gate)
        {
            open = [.. _open.Values];
            _open.Clear();
            foreach (Generation answer in open)
                _schedule.End(answer.Name);
            _isRunning = false;
        }
        foreach (Generation answer in open)
            answer.End(error);
    }

    private (ScheduledRun? Run, Generation? Reader) Next(Generation? own)
    {
        lock (_gate)
        {
            if (_open.Count > 0 && own is { Ended.IsCompleted: true })
            {
                Task.Run(() => Run(own: null));
                return default;
            }
            ScheduledRun? next = _schedule.Next();
            _isRunning = next is not null;
            return (next, _schedule.Reader is { } reader ? _open[reader] : null);
        }
    }

    /// <summary>Who waits need not be waited for, and a run that reads for nobody is ended; who writes is left out of the next step.</summary>
    private void GiveUp(Generation answer)
    {
        lock (_gate)
        {
            if (answer.Reader is { } reader)
                reader.Terminate();
            else if (_schedule.Waits(answer.Name))
            {
                _schedule.End(answer.Name);
                _open.Remove(answer.Name);
                answer.End(error: null);
            }
        }
    }

    private void Read(Generation answer, int mostTokens)
    {
        try
        {
            DecodeRun run = answer.Reader ?? Begin(answer);
            answer.Stop.ThrowIfCancellationRequested();
            bool isRead = run.ReadOn(mostTokens);
            (answer.ModelTime, answer.CachedTokens) = (run.ModelTime, run.CachedTokens);
            if (!isRead)
                return;
            if (answer.Take(run.Logits.First(answer.Shape, session.Manifest.EosTokenIds)))
                End(answer);
            else
                Join(answer, run);
        }
        catch (Exception error)
        {
            End(answer, error);
        }
    }

    private DecodeRun Begin(Generation answer)
    {
        var run = new DecodeRun(session, answer.Prompt, answer.Prefix, options.Clock);
        answer.Begin();
        lock (_gate)
            answer.Reader = run;
        return run;
    }

    private void Join(Generation answer, DecodeRun run)
    {
        int slot;
        lock (_gate)
        {
            slot = _schedule.Write();
            answer.Reader = null;
        }
        batch.Join(slot, run, answer.MostTokens);
    }

    private void Step()
    {
        foreach (Generation stopped in Writers().Select(writer => writer.Answer).Where(answer => answer.Stop.IsCancellationRequested))
            End(stopped);
        var writers = Writers();
        if (writers.Count == 0)
            return;
        try
        {
            var tokens = new int?[batch.Slots];
            foreach (var (slot, answer) in writers)
                tokens[slot] = answer.Token;
            TimeSpan before = batch.ModelTime;
            batch.Step(tokens);
            foreach (var (_, answer) in writers)
                answer.ModelTime += batch.ModelTime - before;
        }
        catch (Exception error)
        {
            foreach (var (_, answer) in writers)
                End(answer, error);
            return;
        }
        foreach (var (slot, answer) in writers)
            Take(slot, answer);
    }

    private void Take(int slot, Generation answer)
    {
        try
        {
            if (answer.Take(Sampler.Greedy(batch.Logits(slot), answer.Shape)))
                End(answer);
        }
        catch (Exception error)
        {
            End(answer, error);
        }
    }

    private List<(int Slot, Generation Answer)> Writers()
    {
        lock (_gate)
            return [.. _schedule.Writers.Index().Where(writer => writer.Item is not null).Select(writer => (writer.Index, _open[writer.Item!.Value]))];
    }

    private void End(Generation answer, Exception? error = null)
    {
        int? slot;
        DecodeRun? reader;
        lock (_gate)
        {
            slot = _schedule.End(answer.Name);
            _open.Remove(answer.Name);
            (reader, answer.Reader) = (answer.Reader, null);
        }
        reader?.Dispose();
        if (slot is { } left)
            batch.Leave(left);
        answer.End(error);
    }
}
