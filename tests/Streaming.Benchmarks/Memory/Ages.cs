namespace Streaming.Benchmarks.Memory;

/// <summary>How long ago what a question is about was to be seen.</summary>
/// <param name="Slots">How many films have begun since.</param>
/// <param name="After">How long after the end of its film it is asked; null: at the end of its slot.</param>
internal sealed record Age(string Name, int Slots, TimeSpan? After = null)
{
    public static IReadOnlyList<Age> All { get; } =
        [new("10s", 0, TimeSpan.FromSeconds(10)), new("1min", 0, TimeSpan.FromMinutes(1)), new("10min", 0), new("1h", 5), new("6h", 35), new("24h", 143)];
}
