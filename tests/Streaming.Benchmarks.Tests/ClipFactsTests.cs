using Streaming.Benchmarks.Clips;
using Streaming.Perception;

namespace Streaming.Benchmarks.Tests;

public sealed class ClipFactsTests
{
    [Fact]
    public void Of_the_truth_of_every_clip_is_right_and_its_footage_is_there()
    {
        foreach (RealClip clip in RealClip.All)
        {
            IReadOnlyList<ClipFact> facts = ClipFacts.Of(clip, clip.Stays);
            Assert.All(facts, fact => Assert.True(ClipFacts.IsRight(fact.Answer.Split('|')[^1], fact.Answer), fact.ToString()));
            Assert.True(File.Exists(Path.Combine(RealClip.Folder, clip.Name + ".mp4")));
        }
    }

    [Fact]
    public void Of_anything_noted_asks_what_the_truth_asks()
    {
        foreach (RealClip clip in RealClip.All)
        {
            string[] truth = [.. ClipFacts.Of(clip, clip.Stays).Select(fact => fact.Question)];
            Assert.Equal(truth, ClipFacts.Of(clip, []).Select(fact => fact.Question));
            Assert.Equal(truth, ClipFacts.Of(clip, [new Stay("dog", 1, 2, "left", "right", "black")]).Select(fact => fact.Question));
        }
    }

    [Fact]
    public void Of_a_clip_with_nothing_noted_finds_no_thing_and_no_invention()
    {
        IReadOnlyList<ClipFact> facts = ClipFacts.Of(RealClip.All[0], []);
        Assert.Equal("0", facts.Single(fact => fact.Kind == "count").Answer);
        Assert.Equal("at 0 s to 30 s", facts.Single(fact => fact.Kind == "empty").Answer);
        Assert.All(facts.Where(fact => fact.Kind == "absent"), fact => Assert.Equal("no", fact.Answer));
    }

    [Fact]
    public void Noted_of_a_notebook_is_who_was_there_when_and_came_whence()
    {
        var book = new Notebook(new NotebookOptions());
        Thing car = Thing.One("car", 1), dog = Thing.One("dog", 2);
        book.Write([Of(FactKind.Enter, 4, 4, car, "bottom going up"), Of(FactKind.Visit, 4, 8, car, "red 60% bottom to top"), Of(FactKind.Leave, 8, 8, car, "top going up")]);
        book.Write([Of(FactKind.Present, 0, 0, dog, "middle"), Of(FactKind.Visit, 0, 20, dog, "middle")]);
        Assert.Equal(
            [new Stay("dog", null, null, "", "", "middle"), new Stay("car", 4, 8, "bottom", "top", "red")],
            ClipFacts.Noted(book.Snapshot, 20).OrderBy(stay => stay.From ?? 0));
    }

    [Theory]
    [InlineData("at 5 s", "at 4 s", true)]
    [InlineData("at 6 s", "at 4 s", false)]
    [InlineData("the grey", "white|grey", true)]
    [InlineData("at 0 s to 5 s, at 9 s to 14 s", "at 0 s to 4 s, at 8 s to 14 s", true)]
    [InlineData("at 0 s to 5 s", "at 0 s to 4 s, at 8 s to 14 s", false)]
    [InlineData("3", "4", false)]
    public void IsRight_allows_a_second_and_any_of_the_names(string given, string truth, bool isRight) => Assert.Equal(isRight, ClipFacts.IsRight(given, truth));

    private static Note Of(FactKind kind, double from, double to, Thing thing, string detail) =>
        new(TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to), NoteSource.Perception, 80, new Fact(kind, thing, detail));
}
