using Streaming.Contracts;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Server.Questions;
using Streaming.Server.Streams;

namespace Streaming.Server.Watches;

/// <summary>Asks as a watch would have asked over the last hour that memory holds. What memory has thinned since then is read thinned.</summary>
internal sealed class Backtest(LocalSystem system)
{
    private static readonly TimeSpan Longest = TimeSpan.FromHours(1);

    /// <summary>Callers wait for it, and others for the model.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private int _running;

    /// <param name="request">One that is not refused.</param>
    internal async Task<Outcome<BacktestDocument>> RunAsync(LocalStream stream, WatchRequest request, CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref _running, 1) != 0)
            return new Problem(ProblemKind.Busy, "another backtest is running; try again later");
        try
        {
            return await ReplayAsync(stream, new LocalWatch(WatchDeclaration.From(request), system.Model.Answering), cancellation).ConfigureAwait(false);
        }
        catch (InferenceException e)
        {
            return new Problem(e.Fault == InferenceFault.Overdue ? ProblemKind.Overdue : ProblemKind.Unavailable, e.Message);
        }
        catch (PromptTooLongException e)
        {
            return new Problem(ProblemKind.Invalid, e.Message);
        }
        finally
        {
            Volatile.Write(ref _running, 0);
        }
    }

    private async Task<BacktestDocument> ReplayAsync(LocalStream stream, LocalWatch watch, CancellationToken cancellation)
    {
        Sighting seen = stream.See(null, null);
        TimeSpan first = seen.Memory.Entries is [var oldest, ..] ? oldest.Time : seen.SeenUntil, end = seen.SeenUntil;
        TimeSpan start = end - Longest > first ? end - Longest : first, every = watch.Declaration.Rule.Every, at = start;
        var events = new List<BacktestEvent>();
        int asked = 0, inferences = 0, held = 0, unclear = 0;
        long began = system.Clock.GetTimestamp();
        for (; at <= end && !seen.Memory.Entries.IsEmpty && system.Clock.GetElapsedTime(began) < Patience; at += every)
        {
            LocalWatch.Finding found = await watch.AskAsync(seen, at, stream.At(at), InferenceClass.Watch, cancellation).ConfigureAwait(false);
            (asked, inferences) = (asked + 1, inferences + (found.First.IsReused ? 0 : 1));
            (held, unclear) = (held + (found.First.Holds == true ? 1 : 0), unclear + (found.First.Holds is null ? 1 : 0));
            if (!found.Fires)
                continue;
            watch.Fire(at);
            Answer answer = found.First.Answer;
            events.Add(new BacktestEvent(
                stream.At(found.Since), stream.At(at), at.TotalSeconds, answer.Text, answer.Citations is [.., var newest] ? AnswerDocuments.PictureOf(seen.Source, newest.Keyframe.Number) : null));
        }
        bool isWhole = at > end || seen.Memory.Entries.IsEmpty;
        return new BacktestDocument(stream.At(start), stream.At(isWhole ? end : at), isWhole, asked, inferences, held, unclear, events);
    }
}
