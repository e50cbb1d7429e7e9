using Streaming.Compression;
using Streaming.Compression.Recall;
using Streaming.Models;
using Streaming.World;

namespace Streaming.Benchmarks.Memory;

/// <summary>What was answered to one question about evidence of one age.</summary>
/// <param name="Noted">By the same memory and what the model had noted of its clips.</param>
/// <param name="Oracle">By the evidence alone, at full tokens.</param>
internal sealed record AgedMarks(Age Age, Mark Memory, Mark Noted, Mark Uniform, Mark Recent, Mark Oracle);

/// <summary>A day of a stream, at the end of which all films of the reel are asked about at every age.</summary>
/// <param name="dark">A memory of darkness.</param>
/// <param name="notes">What the model notes of the films.</param>
/// <param name="embedder">Tells how the model reads words; null: it does not, and recall by them is not measured.</param>
internal sealed class Sitting(MemoryExam exam, IReadOnlyList<Shot> reel, MemorySnapshot dark, ModelNotes notes, MemoryOptions options, ITextEmbedder? embedder)
{
    private readonly StreamDay _day = new(reel, options);
    private readonly Dictionary<FilmQuestion, Mark> _oracle = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<FilmQuestion> _blindlyRight = new(ReferenceEqualityComparer.Instance);
    private readonly List<AgedMarks> _marks = [];
    private readonly List<(Mark Memory, Mark Recent)> _now = [];
    private long _bytesAfterAnHour;

    public async Task<IReadOnlyList<BenchResult>> HoldAsync(CancellationToken cancellation)
    {
        await AskWithoutMemoryAsync(cancellation);
        int slots = Age.All[^1].Slots + reel.Count;
        while (_day.Slots < slots)
        {
            bool isAsked = _day.Slots + reel.Count >= slots;
            _day.PlayFilm();
            (Shot played, TimeSpan began) = _day.Film(_day.Slots - 1);
            notes.Played(played, began);
            if (isAsked)
                await AskAboutNowAsync(cancellation);
            TimeSpan end = _day.Now;
            foreach (IGrouping<TimeSpan?, Age> ages in Age.All.GroupBy(age => age.After))
            {
                _day.StandStill(ages.Key is { } after ? end + after : _day.Slots * StreamDay.Slot);
                if (isAsked)
                    await AskAsync(ages, cancellation);
            }
            if (_day.Now == TimeSpan.FromHours(1))
                _bytesAfterAnHour = _day.Memory.SizeBytes;
        }
        (long anHour, long aDay) = BusyStream.Run(reel, options);
        return
        [
            .. MemoryResults.Of(_marks, _now, reel.Sum(shot => shot.Questions.Count), (double)_day.Memory.SizeBytes / _bytesAfterAnHour, (double)aDay / anHour, _day.Memory, options),
            .. await TalkAsync(cancellation), .. await RecallAsync(cancellation),
        ];
    }

    /// <summary>Conversations about the newest films, each after the one before it.</summary>
    private async Task<IEnumerable<BenchResult>> TalkAsync(CancellationToken cancellation)
    {
        var turns = new TurnsExam(exam, _day.Memory, _day.Now);
        for (int slot = Math.Max(1, _day.Slots - reel.Count); slot < _day.Slots; slot++)
            await turns.AskAsync(_day.Film(slot), _day.Film(slot - 1), cancellation);
        return turns.Results();
    }

    private async Task<IEnumerable<BenchResult>> RecallAsync(CancellationToken cancellation)
    {
        if (embedder is null)
            return [];
        var recall = new RecallExam(exam, _day, embedder);
        foreach (string name in RecallExam.Rare(reel))
            await recall.AskAsync(name, cancellation);
        return recall.Results();
    }

    /// <summary>Questions that are answered rightly in the dark measure nothing.</summary>
    private async Task AskWithoutMemoryAsync(CancellationToken cancellation)
    {
        foreach (Shot shot in reel)
        {
            var evidence = new StreamMemory(new MemoryOptions());
            foreach (MemoryEntry entry in shot.Whole)
                evidence.Write(entry);
            foreach (FilmQuestion question in shot.Questions)
            {
                _oracle[question] = await exam.AskAsync(question, evidence.Snapshot, TimeSpan.Zero, shot.Length, cancellation);
                if ((await exam.AskAsync(question, dark, TimeSpan.Zero, TimeSpan.FromDays(1), cancellation)).IsRight && question.Answerable)
                    _blindlyRight.Add(question);
            }
        }
    }

    private async Task AskAboutNowAsync(CancellationToken cancellation)
    {
        var (shot, start) = _day.Film(_day.Slots - 1);
        MemorySnapshot recent = _day.Recent(new RecallOptions().Recent);
        foreach (FilmQuestion question in Asked(shot).Where(question => TimeSpan.FromSeconds(question.ToSeconds + 1) > shot.Length))
            _now.Add((await exam.AskNowAsync(question, _day.Memory, start, _day.Now, cancellation), await exam.AskNowAsync(question, recent, start, _day.Now, cancellation)));
    }

    private async Task AskAsync(IEnumerable<Age> ages, CancellationToken cancellation)
    {
        MemorySnapshot memory = _day.Memory, uniform = _day.Uniform, recent = _day.Recent(new RecallOptions().Recent);
        foreach (Age age in ages)
        {
            var (shot, start) = _day.Film(_day.Slots - 1 - age.Slots);
            foreach (FilmQuestion question in Asked(shot))
            {
                _marks.Add(new AgedMarks(
                    age,
                    await exam.AskAsync(question, memory, start, _day.Now, cancellation),
                    await exam.AskAsync(question, memory, start, _day.Now, cancellation, notes.Book),
                    await exam.AskAsync(question, uniform, start, _day.Now, cancellation),
                    await exam.AskNowAsync(question, recent, start, _day.Now, cancellation),
                    _oracle[question]));
            }
        }
        BenchRun.Progress($"memory: {_marks.Count} questions, {_marks.Count(mark => mark.Memory.IsRight)} right");
    }

    private IEnumerable<FilmQuestion> Asked(Shot shot) => shot.Questions.Where(question => !_blindlyRight.Contains(question));
}
