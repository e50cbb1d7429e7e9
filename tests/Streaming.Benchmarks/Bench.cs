using Streaming.World;

namespace Streaming.Benchmarks;

/// <summary>One thing that is measured.</summary>
/// <param name="Measures">What it measures, in a few words.</param>
public sealed record Bench(string Name, string Measures, Func<BenchRun, CancellationToken, Task<IReadOnlyList<BenchResult>>> Measure);

/// <summary>What a bench is told.</summary>
/// <param name="Seed">Where rendered films come from.</param>
/// <param name="Split">Which films: the test split reports, choices are made on validation.</param>
/// <param name="Policies">Which reducers the tokens bench measures; null: all.</param>
/// <param name="Drawing">Where the tokens and load benches draw their curves (SVG); null: nowhere.</param>
/// <param name="Films">How many films the perception, watches, memory and detail benches take; null: all that the goals are about.</param>
/// <param name="CasesFolder">Where the oracle bench writes its cases for models/training/compare.py; null: nowhere.</param>
public sealed record BenchRun(
    ulong Seed, Split Split = Split.Test, IReadOnlyList<string>? Policies = null, string? Drawing = null, string? CasesFolder = null, int? Films = null)
{
    /// <summary>How many cameras the faults bench drops; null: as many as its goal is about.</summary>
    public int? Drops { get; init; }

    /// <summary>How often the faults, store and cluster benches kill a server and the security bench a decoder; null: as often as they do as a rule.</summary>
    public int? Kills { get; init; }

    /// <summary>How long the soak and fuzz benches take; null: as long as they do as a rule.</summary>
    public double? Minutes { get; init; }

    /// <summary>How many cameras the soak, load and cluster benches watch; null: as many as they do as a rule.</summary>
    public int? Streams { get; init; }

    /// <summary>Far from the seeds that training, validation and the tests use.</summary>
    public const ulong DefaultSeed = 900_001;

    /// <summary>Where a bench keeps films between runs: .build/bench at the top of the repository.</summary>
    public static string CacheFolder { get; } = Directory.CreateDirectory(Path.Combine(RepositoryRoot(), ".build", "bench")).FullName;

    /// <summary>Tells the person who waits; nothing in a pipe.</summary>
    public static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
            Console.Error.WriteLine(text);
    }

    internal static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Streaming.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("The benches run inside the repository; no folder above holds Streaming.sln.");
    }
}
