using Streaming.Perception;
using Streaming.World.Notes;
using Streaming.World.Questions;

namespace Streaming.World.Tests;

public sealed class NoteExaminerTests
{
    private static readonly (NoteScene Scene, IReadOnlyList<Question> Questions)[] Many = [.. NoteExaminer.Draw(3, Split.Test, 0).Take(400)];

    [Fact]
    public void Draw_twice_gives_the_same_sheets_and_questions() => Assert.Equal(Told(11), Told(11));

    [Fact]
    public void Phrasings_of_the_splits_have_no_wording_in_common()
    {
        foreach (string form in NotePhrasings.AllForms)
        {
            string[][] splits = [.. Enum.GetValues<Split>().Select(split => NotePhrasings.Of(form, split).ToArray())];
            Assert.All(splits, Assert.NotEmpty);
            Assert.Equal(splits.Sum(s => s.Length), splits.SelectMany(s => s).Distinct(StringComparer.OrdinalIgnoreCase).Count());
        }
    }

    [Theory]
    [InlineData("exists")]
    [InlineData("exists.now")]
    [InlineData("empty.now")]
    [InlineData("zone")]
    public void Questions_with_yes_or_no_are_balanced(string task)
    {
        string[] answers = [.. Many.SelectMany(scene => scene.Questions).Where(q => q.Task == task).Select(q => q.Answer)];
        Assert.InRange(answers.Count(a => a == "no") / (double)answers.Length, 0.35, 0.65);
    }

    [Fact]
    public void Questions_of_all_scenes_name_all_classes_and_doubts()
    {
        Assert.True(Many.SelectMany(scene => scene.Scene.Actors).Select(actor => actor.Label).Distinct().Count() > 70);
        Assert.Contains(Many.SelectMany(scene => scene.Questions), q => q.Answer.StartsWith("maybe at ", StringComparison.Ordinal));
        Assert.InRange(Many.SelectMany(scene => scene.Questions).Average(q => q.Answerable ? 0.0 : 1), 0.05, 0.25);
    }

    /// <summary>What a question asks stands in the lines that it is told: the truth comes from the script, these from the notebook.</summary>
    [Fact]
    public void Answers_stand_in_what_the_question_is_told()
    {
        foreach (var (scene, questions) in Many)
        {
            foreach (Question question in questions.Where(q => q.Answerable))
            {
                string sheet = new NoteFocus(question.Text, question.Text).Of(scene.Sheet).Text;
                string answer = question.Answer.Replace("maybe ", "", StringComparison.Ordinal);
                bool stands = question.Task switch
                {
                    "when.came" or "when.left" or "stop.when" or "zone.when" => answer == "not yet" || sheet.Contains($"\n{answer}: ", StringComparison.Ordinal),
                    "stay" => sheet.Contains($" after {answer}\n", StringComparison.Ordinal),
                    "empty.when" => answer == "never" || answer.Split(", ").All(gap => sheet.Contains($"{gap}: nothing is there", StringComparison.Ordinal)),
                    "text" => answer == "nothing" || answer.Split(", ").All(text => sheet.Contains($"reads \"{text}\"", StringComparison.Ordinal)),
                    "clock" => sheet.Contains($"clock \"{answer}\"", StringComparison.Ordinal),
                    "count.now" => answer == "0" || sheet.Contains($"now {answer}, most", StringComparison.Ordinal),
                    "empty.now" => answer == "yes" == sheet.EndsWith("now: nothing\n", StringComparison.Ordinal),
                    "first" or "last" or "left.first" or "before" or "after" or "order" => answer == "nothing" || sheet.Contains($" {answer["the ".Length..]} #", StringComparison.Ordinal),
                    "colour" => sheet.Contains($" {answer}", StringComparison.Ordinal),
                    "seen.first" => sheet.Contains($", first {answer["at ".Length..]}", StringComparison.Ordinal),
                    "seen.last" => sheet.Contains($", last {answer["at ".Length..]}", StringComparison.Ordinal),
                    _ => true,
                };
                Assert.True(stands, $"{question.Text} {question.Answer}\n{sheet}");
            }
        }
    }

    private static string Told(ulong seed) =>
        string.Join('\n', NoteExaminer.Draw(seed, Split.Train, 5).Take(10).Select(s => s.Scene.Sheet.Text + string.Join('|', s.Questions.Select(q => q.ToString()))));
}
