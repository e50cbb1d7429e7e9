using Streaming.Benchmarks.Watches;

namespace Streaming.Benchmarks.Tests;

public sealed class GateExamTests
{
    [Fact]
    public void Wrong_of_what_the_rules_were_written_for_is_none() => Assert.Empty(GateExam.Wrong(GateExam.Tuning));

    [Fact]
    public void Wrong_of_what_was_held_out_is_few()
    {
        IReadOnlyList<Utterance> all = GateExam.HeldOut;
        Assert.InRange(all.Count, 200, int.MaxValue);
        Assert.InRange(all.Count(one => one.IsMeant), all.Count * 0.4, all.Count * 0.6);
        IReadOnlyList<Utterance> wrong = GateExam.Wrong(all);
        Assert.True(wrong.Count <= all.Count * 0.1, string.Join("\n", wrong));
    }
}
