namespace Streaming.World.Questions;

/// <summary>A question about a stretch of a film with its right answer.</summary>
/// <param name="Task">What it tests, such as <c>count.now</c>; <see cref="Examiner.Tasks"/> lists them.</param>
/// <param name="Answerable">False where the right answer is <see cref="CannotTell"/>.</param>
public sealed record Question(string Task, string Text, string Answer, bool Answerable = true)
{
    public const string CannotTell = "cannot tell";
}
