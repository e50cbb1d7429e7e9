using Streaming.Pipelines.Conversation;

namespace Streaming.Benchmarks.Watches;

/// <summary>Something said, and whether it is meant for the service.</summary>
public sealed record Utterance(string Text, bool IsMeant);

/// <summary>Lists of what is said near a camera, of both kinds, and how the gate tells them apart.</summary>
public static class GateExam
{
    /// <summary>What was there when the gate's rules were written.</summary>
    public static IReadOnlyList<Utterance> Tuning => Read("tuning.txt");

    /// <summary>Written after the rules, and harder: hardly any punctuation, questions to others in the words of questions to a service. No rule was changed for it.</summary>
    public static IReadOnlyList<Utterance> HeldOut => Read("heldout.txt");

    /// <summary>Those that the gate gets wrong.</summary>
    public static IReadOnlyList<Utterance> Wrong(IEnumerable<Utterance> list) => [.. list.Where(one => InstructionGate.Opens(one.Text) != one.IsMeant)];

    internal static IEnumerable<BenchResult> Results()
    {
        IReadOnlyList<Utterance> all = HeldOut, wrong = Wrong(all);
        int meant = all.Count(one => one.IsMeant), missed = wrong.Count(one => one.IsMeant), opened = meant - missed + wrong.Count - missed;
        yield return new("gate_recall", (double)(meant - missed) / meant, "share", Goal.AtLeast(0.9), $"of {meant} questions and instructions that were held out");
        yield return new("gate_precision", (double)(meant - missed) / opened, "share", Goal.AtLeast(0.9), $"{all.Count - meant} of the list are neither, or meant for somebody else");
    }

    private static Utterance[] Read(string list)
    {
        using var lines = new StreamReader(typeof(GateExam).Assembly.GetManifestResourceStream(list)!);
        return [.. lines.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new Utterance(line[2..], line[0] == '+'))];
    }
}
