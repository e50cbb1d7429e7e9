using System.Diagnostics;

namespace Streaming.Attacks.Fuzz;

/// <summary>Something that reads what others wrote.</summary>
/// <param name="Make">An input by these dice, shaped as its reader expects it, with something wrong.</param>
/// <param name="RunAsync">Lets it be read. Whatever is thrown that <paramref name="IsRefusal"/> does not know is a finding.</param>
/// <param name="IsRefusal">How the reader says no.</param>
public sealed record FuzzTarget(string Name, Func<Random, byte[]> Make, Func<byte[], Task> RunAsync, Func<Exception, bool> IsRefusal);

/// <summary>An input that was read wrongly.</summary>
/// <param name="What">How, in one line; the same for inputs that fail the same way.</param>
/// <param name="Run">With the seed it makes the input again.</param>
public sealed record Finding(string Target, string What, int Run, byte[] Input)
{
    public override string ToString() => $"{Target}, run {Run}: {What}";
}

/// <summary>What came of many inputs.</summary>
public sealed record FuzzReport(int Executions, int Refused, IReadOnlyList<Finding> Findings);

/// <summary>Makes inputs from a seed and lets them be read; the same seed and run make the same input, whatever ran before.</summary>
public static class Fuzzer
{
    /// <summary>Far beyond what any input takes; a reader that takes longer is held up.</summary>
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(20);

    /// <param name="goesOn">Asked before each run.</param>
    public static async Task<FuzzReport> RunAsync(FuzzTarget target, int seed, Func<int, bool> goesOn)
    {
        int run = 0, refused = 0;
        var findings = new Dictionary<string, Finding>(StringComparer.Ordinal);
        for (; goesOn(run); run++)
        {
            byte[] input = InputOf(target, seed, run);
            string? what = null;
            try
            {
                await Task.Run(() => target.RunAsync(input)).WaitAsync(Bound);
            }
            catch (TimeoutException)
            {
                what = $"it took longer than {Bound.TotalSeconds:0} s";
            }
            catch (Exception e) when (target.IsRefusal(e))
            {
                refused++;
            }
            catch (Exception e)
            {
                what = $"{e.GetType().Name} {Place(e)}";
            }
            if (what is not null)
                findings.TryAdd(what, new Finding(target.Name, what, run, input));
        }
        return new FuzzReport(run, refused, [.. findings.Values]);
    }

    public static byte[] InputOf(FuzzTarget target, int seed, int run) => target.Make(new Random(unchecked(seed * 1_000_003 + run)));

    /// <summary>The first of our own methods that it came through: one finding for each.</summary>
    private static string Place(Exception e) =>
        new StackTrace(e).GetFrames().Select(frame => frame.GetMethod()).FirstOrDefault(method => method?.DeclaringType?.Namespace?.StartsWith("Streaming", StringComparison.Ordinal) == true) is { } method
            ? $"in {method.DeclaringType!.Name}.{method.Name}"
            : "somewhere";
}
