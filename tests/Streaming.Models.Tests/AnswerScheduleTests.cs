namespace Streaming.Models.Tests;

/// <summary>Properties of every course that answers of random lengths can take, some of which are given up on the way.</summary>
public sealed class AnswerScheduleTests
{
    private const int LongestRun = 100, Beside = 20;

    [Fact]
    public void Next_with_nothing_asked_is_nothing() => Assert.Null(new AnswerSchedule(2, LongestRun, Beside).Next());

    [Fact]
    public void Next_while_nobody_writes_reads_in_long_runs_and_beside_writers_in_short_ones_with_a_step_between()
    {
        var schedule = new AnswerSchedule(2, LongestRun, Beside);
        schedule.Ask(1);
        schedule.Ask(2);
        Assert.Equal(new ScheduledRun.Read(1, LongestRun), schedule.Next());
        Assert.Equal(new ScheduledRun.Read(1, LongestRun), schedule.Next());
        Assert.Equal(0, schedule.Write());
        Assert.IsType<ScheduledRun.Step>(schedule.Next());
        Assert.Equal(new ScheduledRun.Read(2, Beside), schedule.Next());
        Assert.IsType<ScheduledRun.Step>(schedule.Next());
        Assert.Equal(new ScheduledRun.Read(2, Beside), schedule.Next());
        Assert.Equal(1, schedule.Write());
        Assert.Equal([1, 2], schedule.Writers);
    }

    [Fact]
    public void Next_with_all_slots_taken_reads_nobody()
    {
        var schedule = new AnswerSchedule(1, LongestRun, Beside);
        schedule.Ask(1);
        schedule.Ask(2);
        schedule.Next();
        schedule.Write();
        Assert.All(Enumerable.Range(0, 5), _ => Assert.IsType<ScheduledRun.Step>(schedule.Next()));
        Assert.Equal(0, schedule.End(1));
        Assert.Equal(new ScheduledRun.Read(2, LongestRun), schedule.Next());
    }

    [Fact]
    public void End_of_a_reader_lets_the_next_one_read()
    {
        var schedule = new AnswerSchedule(1, LongestRun, Beside);
        schedule.Ask(1);
        schedule.Ask(2);
        schedule.Next();
        Assert.Null(schedule.End(1));
        Assert.Equal(new ScheduledRun.Read(2, LongestRun), schedule.Next());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(8)]
    public void Next_in_any_course_serves_all_in_order_and_keeps_nobody_waiting(int slots)
    {
        for (int seed = 0; seed < 300; seed++)
            Course(slots, new Random(seed));
    }

    private static void Course(int slots, Random random)
    {
        var schedule = new AnswerSchedule(slots, LongestRun, Beside);
        int asked = random.Next(1, 30), next = 0, readsInARow = 0;
        int[] unread = [.. Enumerable.Range(0, asked).Select(_ => random.Next(1, 300))], unwritten = [.. Enumerable.Range(0, asked).Select(_ => random.Next(1, 40))];
        var ended = new HashSet<int>();
        var begun = new List<int>();
        for (int turn = 0; ended.Count < asked; turn++)
        {
            Assert.InRange(turn, 0, 40_000);
            while (next < asked && random.Next(3) == 0)
                schedule.Ask(next++);
            if (next > 0 && random.Next(20) == 0 && random.Next(next) is var given && !ended.Contains(given))
                Leave(given);
            bool isWriting = schedule.Writers.Any(writer => writer is not null);
            switch (schedule.Next())
            {
                case ScheduledRun.Read(var answer, var most):
                    Assert.DoesNotContain(answer, ended);
                    Assert.True(!isWriting || ++readsInARow == 1);
                    Assert.Equal(isWriting ? Beside : LongestRun, most);
                    if (!begun.Contains(answer))
                        begun.Add(answer);
                    if ((unread[answer] -= most) <= 0)
                        Assert.Equal(answer, schedule.Writers[schedule.Write()]);
                    break;
                case ScheduledRun.Step:
                    readsInARow = 0;
                    foreach (int writer in schedule.Writers.OfType<int>().ToList())
                        if (--unwritten[writer] == 0)
                            Leave(writer);
                    break;
                default:
                    Assert.Equal(next, ended.Count);
                    break;
            }
            if (schedule.Writers.All(writer => writer is null))
                readsInARow = 0;
            int[] writing = [.. schedule.Writers.OfType<int>()];
            Assert.Equal(writing.Length, writing.Distinct().Count());
            Assert.DoesNotContain(writing, ended.Contains);
        }
        Assert.Null(schedule.Next());
        Assert.Equal(begun.Order(), begun);

        void Leave(int answer)
        {
            schedule.End(answer);
            ended.Add(answer);
        }
    }
}
