using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Streaming.Benchmarks;

/// <summary>A measured value and, if it has one, its goal.</summary>
/// <param name="Goal">Null for a figure that only informs.</param>
/// <param name="Note">For people only: it stands in the table and not in the JSON object.</param>
public sealed record BenchResult(string Name, double Value, string Unit, Goal? Goal = null, string? Note = null)
{
    public bool? Met => Goal?.IsMetBy(Value);
}

/// <summary>A bound that a value has to keep, from above or from below.</summary>
public readonly record struct Goal(double Bound, bool IsUpper)
{
    public static Goal AtMost(double bound) => new(bound, true);

    public static Goal AtLeast(double bound) => new(bound, false);

    public bool IsMetBy(double value) => IsUpper ? value <= Bound : value >= Bound;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{(IsUpper ? "≤" : "≥")} {Bound}");
}

/// <summary>What a bench prints: a table for people or one JSON object.</summary>
public sealed record BenchReport(string Bench, string Machine, IReadOnlyList<BenchResult> Results)
{
    private static readonly JsonSerializerOptions Options = new() { WriteIndented = true };

    public bool GoalsMet => Results.All(result => result.Met != false);

    public string ToJson() => JsonSerializer.Serialize(new
    {
        bench = Bench,
        machine = Machine,
        results = Results.Select(result => new
        {
            name = result.Name,
            value = result.Value,
            unit = result.Unit,
            goal = result.Goal?.Bound,
            met = result.Met,
        }),
    }, Options) + "\n";

    public string ToTable()
    {
        var width = Results.Max(result => result.Name.Length);
        var table = new StringBuilder($"bench {Bench} on {Machine}\n\n");
        foreach (var result in Results)
            table.Append(string.Create(CultureInfo.InvariantCulture,
                $"{result.Name.PadRight(width)}  {result.Value,12:0.####} {result.Unit,-16} {result.Goal,-10} {Word(result.Met),-7} {result.Note}").TrimEnd()).Append('\n');
        return table.ToString();
    }

    /// <summary>The table as the README has it.</summary>
    public string ToMarkdown()
    {
        var table = new StringBuilder("| result | value | unit | goal | |\n| --- | --- | --- | --- | --- |\n");
        foreach (var result in Results)
            table.Append(string.Create(CultureInfo.InvariantCulture,
                $"| {result.Name} | {result.Value:0.###} | {result.Unit} | {string.Join(", ", new[] { $"{result.Goal}", Word(result.Met) }.Where(word => word.Length > 0))} | {result.Note} |")).Append('\n');
        return table.ToString();
    }

    private static string Word(bool? met) => met switch { true => "met", false => "missed", null => "" };
}
