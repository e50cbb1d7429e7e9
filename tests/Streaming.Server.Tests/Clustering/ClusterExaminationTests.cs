using Streaming.Server.Clustering;
using Streaming.Server.Verbs;

namespace Streaming.Server.Tests.Clustering;

public sealed class ClusterExaminationTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Machine_that_is_silent_is_bad_and_those_that_left_need_nothing()
    {
        Finding[] findings = [.. ClusterExamination.Machines([Row("a", 3), Row("b", 40), Row("c", 4000, isDead: true)], Now)];
        Assert.Equal([Verdict.Good, Verdict.Bad, Verdict.Optional], findings.Select(finding => finding.Verdict));
        Assert.StartsWith("a at 10.0.0.1:1 is active, and said so 3 s ago", findings[0].Words);
        Assert.Contains("was killed or is frozen", findings[1].Words);
        Assert.StartsWith("1 that have left", findings[2].Words);
    }

    [Fact]
    public void Cluster_without_a_machine_is_bad() =>
        Assert.Contains("start one", ClusterExamination.Machines([Row("b", 40)], Now).Last(finding => finding.Verdict == Verdict.Bad).Words);

    [Fact]
    public void Stream_of_a_machine_that_is_gone_is_bad_and_the_others_are_listed_by_machine()
    {
        Finding[] findings = [.. ClusterExamination.Streams([("door", "a"), ("gate", "b"), ("yard", null)], ["a", "c"])];
        Assert.Equal(["a has 1: door", "c has 0"], findings.Where(finding => finding.Verdict == Verdict.Good).Select(finding => finding.Words));
        Assert.StartsWith("no machine has gate, yard:", findings.Single(finding => finding.Verdict == Verdict.Bad).Words);
    }

    [Fact]
    public async Task Server_that_is_in_no_cluster_is_told_what_to_set() =>
        Assert.Contains("STREAMING_CLUSTER", (await ClusterExamination.ExamineAsync(new Settings(), TimeProvider.System)).Single().Words);

    private static MachineRow Row(string machine, double silentSeconds, bool isDead = false) =>
        new(machine, "10.0.0.1:1", isDead ? "dead" : "active", Now - TimeSpan.FromSeconds(silentSeconds), !isDead, isDead);
}
