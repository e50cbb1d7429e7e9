using Streaming.World;

namespace Streaming.Benchmarks.Tokens;

/// <summary>The marks of one clip.</summary>
internal sealed class ClipMarks(IReadOnlyList<FilmQuestion> questions)
{
    public IReadOnlyList<FilmQuestion> Questions { get; } = questions;

    public Tally Seen { get; } = new();

    /// <summary>Questions that were answered rightly without looking.</summary>
    public int Blind { get; set; }
}

/// <summary>The marks of all clips. Any thread may add to it.</summary>
internal sealed class CurveExam
{
    private readonly Lock _gate = new();
    private readonly List<FilmQuestion> _questions = [];
    private int _blind;

    public Tally Seen { get; } = new();

    public int Questions
    {
        get
        {
            lock (_gate)
                return _questions.Count;
        }
    }

    public void Take(ClipMarks clip)
    {
        lock (_gate)
        {
            Seen.Add(clip.Seen);
            _questions.AddRange(clip.Questions);
            _blind += clip.Blind;
            BenchRun.Progress($"tokens: {_questions.Count} questions");
        }
    }

    /// <summary>Right answers of the better of two ways not to look: the model in the dark, and always giving a task's most frequent answer.</summary>
    public int BlindRight => Math.Max(_blind, _questions.GroupBy(question => question.Task)
        .Sum(task => task.GroupBy(question => AnswerKey.Normalise(question.Answer)).Max(same => same.Count())));
}
