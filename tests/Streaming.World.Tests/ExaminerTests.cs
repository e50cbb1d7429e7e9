using System.Text.RegularExpressions;
using Streaming.World.Questions;

namespace Streaming.World.Tests;

public sealed partial class ExaminerTests
{
    private static readonly Question[] Many =
        [.. Enumerable.Range(0, 300).SelectMany(i => Examiner.Examine(Footage.Of(Director.Direct((ulong)i, Split.Validation)))).SelectMany(e => e.Questions)];

    [Fact]
    public void Examine_of_many_films_asks_every_task() =>
        Assert.Empty(Examiner.Tasks.Except(Many.Select(q => q.Task)));

    [Fact]
    public void Examine_twice_gives_the_same_questions() =>
        Assert.Equal(Ask(42), Ask(42));

    [Theory]
    [InlineData("exists", "yes", "no")]
    [InlineData("moving", "yes", "no")]
    [InlineData("light", "day", "night")]
    [InlineData("size", "big", "small")]
    public void Examine_of_many_films_is_balanced(string task, string one, string other)
    {
        double ones = Many.Count(q => q.Task == task && q.Answer == one), others = Many.Count(q => q.Task == task && q.Answer == other);
        Assert.InRange(ones / (ones + others), 0.4, 0.6);
    }

    [Fact]
    public void Examine_of_many_films_asks_for_what_cannot_be_told()
    {
        Assert.InRange((double)Many.Count(q => !q.Answerable) / Many.Length, 0.05, 0.2);
        Assert.All(Many, q => Assert.Equal(q.Answerable, q.Answer != Question.CannotTell));
    }

    [Fact]
    public void Phrasings_of_the_splits_have_no_wording_in_common()
    {
        foreach (string form in Phrasings.AllForms)
        {
            string[] all = [.. Enum.GetValues<Split>().SelectMany(s => Phrasings.Of(form, s))];
            Assert.Equal(all.Length, all.Distinct().Count());
            Assert.True(Phrasings.Of(form, Split.Train).Count >= 6);
        }
    }

    [Fact]
    public void Phrasings_of_validation_and_test_use_only_words_that_training_has()
    {
        HashSet<string> known = [.. WordsOf(Split.Train)];
        Assert.Empty(WordsOf(Split.Validation).Concat(WordsOf(Split.Test)).Where(w => !known.Contains(w)).Distinct());
    }

    private static string[] Ask(ulong seed) =>
        [.. Examiner.Examine(Footage.Of(Director.Direct(seed, Split.Test))).SelectMany(e => e.Questions).Select(q => q.ToString())];

    private static IEnumerable<string> WordsOf(Split split) =>
        Phrasings.AllForms.SelectMany(f => Phrasings.Of(f, split)).SelectMany(p => Word().Matches(p)).Select(m => m.Value);

    [GeneratedRegex("[A-Za-z]+|[^A-Za-z ]")]
    private static partial Regex Word();
}
