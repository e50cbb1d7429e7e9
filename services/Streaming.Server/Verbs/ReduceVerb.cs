using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Compression;
using Streaming.Compression.HoliTom;
using Streaming.Models;

namespace Streaming.Server.Verbs;

/// <summary><c>reduce X.npy</c>: a policy on somebody's own tokens, for researchers.</summary>
internal static class ReduceVerb
{
    private const string HoliTom = "holitom";

    private static IReadOnlyList<string> Policies { get; } = [.. Reducers.ShelfNames, .. Reducers.Names];

    public static Command Create()
    {
        var input = new Argument<FileInfo>("X.npy") { Description = "Features, float32 [frames, places, width]." };
        var saliency = new Option<FileInfo?>("--saliency") { Description = "Saliency, float32 [frames, places]; without it, how far each token is from its frame's mean." };
        var policy = new Option<string>("--policy") { Description = string.Join(", ", Policies), DefaultValueFactory = _ => HoliTom };
        policy.AcceptOnlyFromAmong([.. Policies]);
        var published = new Option<bool>("--published") { Description = "holitom: the authors' decisions, rounding included." };
        var retain = new Option<double>("--retain") { Description = "Share of the tokens to keep.", DefaultValueFactory = _ => new HoliTomOptions().RetainRatio };
        var tau = new Option<double?>("--tau") { Description = "holitom: cosine above which a place stands still." };
        var output = new Option<FileInfo?>("--out") { Description = "Where the kept tokens go, float32 [kept, width]." };
        var json = new Option<bool>("--json") { Description = "Print one JSON object." };
        var command = new Command("reduce", "Reduces visual tokens that lie in a NumPy file.") { input, saliency, policy, published, retain, tau, output, json };
        command.SetAction((arguments, _) => Verb.RunAsync(() => Task.FromResult(Reduce(
            Volume(arguments.GetRequiredValue(input), arguments.GetValue(saliency)),
            arguments.GetValue(policy)!,
            new HoliTomOptions { RetainRatio = arguments.GetValue(retain), Tau = arguments.GetValue(tau), Published = arguments.GetValue(published) },
            arguments.GetValue(output)?.FullName, arguments.GetValue(json)))));
        return command;
    }

    private sealed record Tokens(int Frames, int Places, int Width, float[] Features, float[] Saliency);

    private static int Reduce(Tokens tokens, string policy, HoliTomOptions options, string? output, bool asJson)
    {
        if (options.Validate() is { } wrong)
            throw new FailureException($"--{(wrong.StartsWith(nameof(options.Tau), StringComparison.Ordinal) ? "tau" : "retain")}: {wrong}");
        Func<(float[] Kept, int[][]? Segments, int? Reduced)> reduce =
            policy == HoliTom ? () => ByHoliTom(tokens, options) : () => ByReducer(tokens, policy, options.RetainRatio);
        _ = reduce(); // The first call compiles the code; the second is measured.
        long start = Stopwatch.GetTimestamp();
        (float[] kept, int[][]? segments, int? reduced) = reduce();
        var account = new ReductionDocument(
            policy, segments, reduced, tokens.Frames * tokens.Places, kept.Length / tokens.Width, Stopwatch.GetElapsedTime(start).TotalSeconds);
        if (output is not null)
        {
            using FileStream file = File.Create(output);
            NumpyFile.WriteHeader(file, "<f4", [account.TokensOut, tokens.Width]);
            NumpyFile.Write<float>(file, kept);
        }
        Console.WriteLine(asJson ? JsonSerializer.Serialize(account, ReductionJson.Default.ReductionDocument) : Describe(account));
        return 0;
    }

    private static (float[] Kept, int[][]? Segments, int? Reduced) ByHoliTom(Tokens tokens, HoliTomOptions options)
    {
        var reduction = new HoliTomReduction();
        reduction.Reduce(new TokenVolume(tokens.Frames, tokens.Places, tokens.Width, tokens.Features, tokens.Saliency), options);
        int[] edges = [.. reduction.Starts, tokens.Frames];
        return (reduction.Features.ToArray(), [.. edges.Zip(edges.Skip(1), (first, next) => new[] { first, next - 1 })], reduction.Saved);
    }

    /// <summary>All others have no windows. The places are a square grid where their number is a square, else one row.</summary>
    private static (float[] Kept, int[][]? Segments, int? Reduced) ByReducer(Tokens tokens, string policy, double ratio)
    {
        int side = (int)Math.Sqrt(tokens.Places), columns = side * side == tokens.Places ? side : tokens.Places;
        var origins = new TokenOrigin[tokens.Frames * tokens.Places];
        for (int i = 0; i < origins.Length; i++)
            origins[i] = new TokenOrigin(TimeSpan.FromSeconds(i / tokens.Places), (short)(i % tokens.Places / columns), (short)(i % columns));
        var weights = new float[origins.Length];
        weights.AsSpan().Fill(1);
        var all = new VisualTokens(tokens.Width, tokens.Features, origins, weights, tokens.Saliency);
        return (Reducers.ForClip(policy).Reduce(all, (int)Math.Round(origins.Length * ratio, MidpointRounding.ToEven)).Features.ToArray(), null, null);
    }

    private static Tokens Volume(FileInfo input, FileInfo? saliency)
    {
        NumpyArray features = Read(input);
        if (features.Shape is not [> 0 and var frames, > 0 and <= short.MaxValue and var places, > 0 and var width])
            throw new FailureException($"{input.Name} has shape [{string.Join(", ", features.Shape)}], it has to be [frames, places, width]");
        if (saliency is null)
            return new Tokens(frames, places, width, features.Values, Distinct(features.Values, frames, places * width, width));
        NumpyArray salient = Read(saliency);
        return salient.Shape.SequenceEqual([frames, places])
            ? new Tokens(frames, places, width, features.Values, salient.Values)
            : throw new FailureException($"{saliency.Name} has shape [{string.Join(", ", salient.Shape)}], it has to be [{frames}, {places}]");
    }

    private static float[] Distinct(float[] features, int frames, int frameValues, int width) =>
        [.. Enumerable.Range(0, frames).SelectMany(frame => Distinctiveness.Of(features.AsSpan(frame * frameValues, frameValues), width))];

    private static NumpyArray Read(FileInfo file)
    {
        try
        {
            NumpyArray array = NumpyArray.Read(file.FullName);
            return array.Values.All(float.IsFinite) ? array : throw new InvalidDataException("it holds numbers that are not finite");
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or OverflowException or FileNotFoundException)
        {
            throw new FailureException($"{file.Name}: {e.Message}");
        }
    }

    private static string Describe(ReductionDocument account) => string.Create(CultureInfo.InvariantCulture,
        $"{account.Policy}: {account.TokensOut:N0} of {account.TokensIn:N0} tokens ({100.0 * account.TokensOut / account.TokensIn:0.0} %), {account.Segments?.Length ?? 0} windows, {account.Seconds:0.000} s");
}

/// <summary>What <c>reduce --json</c> prints.</summary>
/// <param name="Segments">First and last frame of each window; null for a policy without windows.</param>
/// <param name="Reduced">Tokens that temporal merging alone removed.</param>
/// <param name="Seconds">Of the reduction alone, without files, after one run to warm up.</param>
internal sealed record ReductionDocument(string Policy, int[][]? Segments, int? Reduced, int TokensIn, int TokensOut, double Seconds);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ReductionDocument))]
internal sealed partial class ReductionJson : JsonSerializerContext;
