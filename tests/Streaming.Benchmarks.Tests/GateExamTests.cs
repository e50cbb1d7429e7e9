using Streaming.Benchmarks.Watches;

namespace Streaming.Benchmarks.Tests;

public sealed class GateExamTests
{
    [Fact]
    public void Wrong_of_what_the_rules_were_written_with_is_next_to_nothing() => Assert.InRange(GateExam.Wrong(GateExam.Tuning).Count, 0, GateExam.Tuning.Count / 100);

    [Fact]
    public void Wrong_of_what_was_held_out_is_no_more_than_was_measured()
    {
        IReadOnlyList<Utterance> all = GateExam.HeldOut;
        Assert.InRange(all.Count, 100, int.MaxValue);
        Assert.InRange(all.Count(one => one.IsMeant), all.Count * 0.4, all.Count * 0.6);
        IReadOnlyList<Utterance> wrong = GateExam.Wrong(all);
        Assert.True(wrong.Count <= all.Count * 0.3, string.Join("\n", wrong));
    }
}
