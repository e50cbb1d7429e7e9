namespace Streaming.Perception.Tests;

public class NoteSearchTests
{
    private static readonly string[] Lines =
    [
        "at 1 s: red car #1 enters left",
        "at 5 s: person #2 enters right",
        "at 9 s: person #3 enters right",
        "at 12 s: model says \"a man puts two boxes beside the gate\"",
        "at 15 s: red car #1 leaves left after 14 s",
    ];

    [Fact]
    public void Score_lines_without_a_word_of_the_question_have_none() =>
        Assert.Equal([false, false, false, true, false], NoteSearch.Score(Lines, "Who put the box there?").Select(score => score > 0));

    [Fact]
    public void Score_plurals_are_found_by_the_singular_and_the_other_way_round()
    {
        Assert.True(NoteSearch.Score(Lines, "box")[3] > 0);
        Assert.True(NoteSearch.Score(Lines, "cars")[0] > 0);
        Assert.True(NoteSearch.Score(["two bodies and a bus"], "body")[0] > 0);
        Assert.True(NoteSearch.Score(["two bodies and a bus"], "bus")[0] > 0);
    }

    [Fact]
    public void Score_rare_word_says_more_than_a_frequent_one()
    {
        double[] scores = NoteSearch.Score(Lines, "enters gate");
        Assert.Equal(3, Array.IndexOf(scores, scores.Max()));
    }

    [Fact]
    public void Score_word_in_a_short_line_says_more_than_in_a_long_one()
    {
        double[] scores = NoteSearch.Score(["the gate", "the gate of the yard behind the house on the hill"], "gate");
        Assert.True(scores[0] > scores[1] && scores[1] > 0);
    }

    [Fact]
    public void Score_second_mention_says_less_than_the_first()
    {
        double[] scores = NoteSearch.Score(["gate yard hill", "gate gate hill", "tree tree tree"], "gate");
        Assert.True(scores[1] > scores[0] && scores[1] < 2 * scores[0]);
    }

    [Fact]
    public void Score_no_lines_have_no_scores() => Assert.Empty(NoteSearch.Score([], "gate"));
}
