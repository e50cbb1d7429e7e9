using Streaming.Compression.Tests.Shelf;
using Streaming.Models;

namespace Streaming.Compression.Tests;

/// <summary>No input buys more tokens than the budget, whatever it shows: the cap holds after reduction, not by thresholds.</summary>
public sealed class TokenCapTests
{
    /// <summary>Inputs of each policy: six kinds, so 1,002 in all.</summary>
    private const int InputsPerKind = 167;

    public static TheoryData<string> Policies => [.. Reducers.Policies];

    public static TheoryData<string> QuestionPolicies => [.. Reducers.QuestionPolicies];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Reduce_of_a_thousand_inputs_is_never_over_budget(string policy)
    {
        foreach ((VisualTokens tokens, int budget) in Inputs())
        {
            IVisualTokenReducer reducer = Reducers.Names.Contains(policy) ? Reducers.Create(new ReducerOptions { Name = policy }) : Reducers.FromShelf(policy);
            Assert.InRange(reducer.Reduce(tokens, budget).Count, 0, budget);
        }
    }

    [Theory]
    [MemberData(nameof(QuestionPolicies))]
    public void Reduce_for_a_question_of_a_thousand_inputs_is_never_over_budget(string policy)
    {
        IQuestionReducer reducer = Reducers.ForQuestion(policy);
        foreach ((VisualTokens tokens, int budget) in Inputs())
            Assert.InRange(reducer.Reduce(tokens, tokens.Features.Span[..(tokens.Hidden * Math.Min(3, tokens.Count))], budget).Count, 0, budget);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Add_of_a_thousand_streams_is_never_over_budget_at_any_moment(string policy)
    {
        var dice = new Random(11);
        foreach ((VisualTokens tokens, _) in Inputs())
        {
            (int places, int chunk) = (PlacesOf(tokens), dice.Next(1, 9));
            var options = new ReducerOptions { Name = policy, RetainRatio = 0.02 + 0.9 * dice.NextDouble(), FrameBudget = dice.Next(1, places + 1), HoliTom = new() { Chunk = chunk } };
            var memory = new StreamMemory(new MemoryOptions { Budget = Math.Max(places, 24), RecentEntries = 4 });
            IStreamReducer reducer = Reducers.ForStream(options);
            int final = 0;
            for (int frame = 0; frame < tokens.Count / places; frame++)
            {
                VisualTokens seen = tokens.Slice(frame * places, places);
                IReadOnlyList<MemoryEntry> entries = reducer.Add(new Keyframe(frame, seen.Origins.Span[0].Time, KeyframeReason.Change, 1), seen), open = reducer.Open;
                final += entries.Sum(entry => entry.Tokens.Count);
                memory.Write(entries, open);

                Assert.InRange(final + open.Sum(entry => entry.Tokens.Count), 0, Most(options, places, frame + 1));
                Assert.InRange(memory.Snapshot.Tokens, 0, Math.Max(places, 24));
            }
        }
    }

    /// <summary>The most tokens of so many frames. A chunk keeps one token at least and is rounded by itself.</summary>
    private static int Most(ReducerOptions options, int places, int frames)
    {
        if (!options.HasBudget)
            return frames * Math.Min(places, options.FrameBudget);
        if (options.Name == "holitom-causal")
            return (int)Math.Round(options.RetainRatio * places * frames, MidpointRounding.ToEven);
        int chunk = options.HoliTom.Chunk, whole = frames / chunk, rest = frames % chunk;
        return whole * OfChunk(chunk) + (rest > 0 ? OfChunk(rest) : 0);

        int OfChunk(int length) => Math.Max(1, (int)Math.Round(options.RetainRatio * places * length, MidpointRounding.ToEven));
    }

    private static int PlacesOf(VisualTokens tokens) => tokens.Origins.ToArray().Count(origin => origin.Time == tokens.Origins.Span[0].Time);

    private static IEnumerable<(VisualTokens Tokens, int Budget)> Inputs()
    {
        var dice = new Random(5);
        foreach (string kind in Sequences.Kinds)
        {
            for (int seed = 0; seed < InputsPerKind; seed++)
            {
                VisualTokens tokens = Sequences.Of(kind, seed, frames: dice.Next(1, 14), side: dice.Next(1, 5));
                yield return (tokens, dice.Next(0, tokens.Count + 2));
            }
        }
    }
}
