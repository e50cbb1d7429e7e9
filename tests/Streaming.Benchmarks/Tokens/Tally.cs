using Streaming.World;

namespace Streaming.Benchmarks.Tokens;

/// <summary>How many questions were answered rightly at each point of the curve.</summary>
internal sealed class Tally
{
    private readonly Dictionary<CurvePoint, (int Right, int Asked, long Tokens)> _marks = [];

    public IEnumerable<CurvePoint> Points => _marks.Keys;

    /// <param name="tokens">Visual tokens that the answer rested on.</param>
    public void Add(CurvePoint point, string answer, FilmQuestion question, int tokens)
    {
        var (right, asked, sum) = _marks.GetValueOrDefault(point);
        _marks[point] = (right + (AnswerKey.IsRight(answer, question.Answer) ? 1 : 0), asked + 1, sum + tokens);
    }

    public void Add(Tally other)
    {
        foreach (var (point, (right, asked, tokens)) in other._marks)
        {
            var mine = _marks.GetValueOrDefault(point);
            _marks[point] = (mine.Right + right, mine.Asked + asked, mine.Tokens + tokens);
        }
    }

    public int Right(CurvePoint point) => _marks[point].Right;

    public int Asked(CurvePoint point) => _marks[point].Asked;

    public double Accuracy(CurvePoint point) => (double)Right(point) / Asked(point);

    public double TokensPerAnswer(CurvePoint point) => (double)_marks[point].Tokens / Asked(point);
}
