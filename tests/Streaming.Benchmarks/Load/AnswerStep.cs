using System.Diagnostics;
using System.Net.Http.Json;
using Streaming.Faults;

namespace Streaming.Benchmarks.Load;

/// <summary>Questions that come at a rate, whether or not earlier ones were answered, and how long they took from when they were due.</summary>
/// <param name="Rate">Offered, a second.</param>
/// <param name="Answered">A second.</param>
/// <param name="Refused">How many of all were not answered: the server said that it was busy, or failed.</param>
internal sealed record AnswerStep(double Rate, double Answered, int Refused, double MedianSeconds, double Seconds99)
{
    private static readonly TimeSpan Offering = TimeSpan.FromSeconds(20);

    /// <summary>Fewer would make the 99th percentile the slowest of a handful.</summary>
    private const int Least = 20;

    /// <summary>Whether all that is offered is answered, but for what the last answer takes.</summary>
    public bool KeepsUp => Refused == 0 && Answered >= 0.9 * Rate;

    public static async Task<AnswerStep> MeasureAsync(ServedProgram server, string path, IReadOnlyList<string> questions, double rate, CancellationToken cancellation)
    {
        int count = Math.Max(Least, (int)(rate * Offering.TotalSeconds));
        long start = Stopwatch.GetTimestamp();
        var asked = new List<Task<double?>>(count);
        for (int i = 0; i < count; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds(i / rate), early = due - Stopwatch.GetElapsedTime(start);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, cancellation);
            asked.Add(AskAsync(questions[i % questions.Count], due));
        }
        double?[] took = await Task.WhenAll(asked);
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        double[] answered = [.. took.OfType<double>().Order()];
        return new AnswerStep(rate, answered.Length / seconds, count - answered.Length, At(answered, 0.5), At(answered, 0.99));

        async Task<double?> AskAsync(string question, TimeSpan due)
        {
            using HttpResponseMessage response = await server.Client.PostAsJsonAsync($"{path}/ask", new { question }, cancellation);
            return response.IsSuccessStatusCode ? (Stopwatch.GetElapsedTime(start) - due).TotalSeconds : null;
        }
    }

    private static double At(double[] sorted, double share) => sorted.Length == 0 ? double.NaN : sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
