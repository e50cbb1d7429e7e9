using System.Text.Json.Nodes;
using Streaming.Models.Hub;
using Streaming.Models.Onnx.Answers;
using Streaming.Models.Shapes;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests;

/// <summary>Answers that are written together have the ids of those that are written one after another, in every form of graph.</summary>
[Collection("tiny")]
public sealed class AnswersTogetherTests(TinyModel tiny)
{
    private static readonly string[] Questions =
        ["what is it?", "And what else?", "how many large circles are there 😀 at 12?", "is it red", "?", "what happened before the end of it?", "where", "who came first"];

    [Theory]
    [InlineData(TinyFolder.SmolVlm, DecoderStyle.Contrib, Precision.Single)]
    [InlineData(TinyFolder.SmolVlm, DecoderStyle.Contrib, Precision.Half)]
    [InlineData(TinyFolder.SmolVlm, DecoderStyle.Contrib, Precision.FourBit)]
    [InlineData(TinyFolder.SmolVlm, DecoderStyle.Packed, Precision.Single)]
    [InlineData(TinyFolder.SmolVlm, DecoderStyle.Plain, Precision.Single)]
    [InlineData(TinyFolder.SmolVlm, DecoderStyle.Plain, Precision.FourBit)]
    [InlineData(TinyFolder.Onevision, DecoderStyle.Contrib, Precision.Single)]
    [InlineData(TinyFolder.Onevision, DecoderStyle.Plain, Precision.Single)]
    [InlineData(TinyFolder.Qwen2Vl, DecoderStyle.Plain, Precision.Single)]
    public async Task CompleteAsync_of_drawn_graphs_together_gives_the_ids_of_one_after_another(string name, DecoderStyle style, Precision precision)
    {
        var model = tiny.Drawn(name, style, precision);
        Assert.Equal(8, model.LanguageModel.AnswersAtOnce);
        await AssertSame(model, OfOneFilm(model));
        await AssertSame(model, OfManyFilms(model));
    }

    /// <summary>In half precision rows are rounded otherwise together than alone, so that near ties may be decided otherwise.</summary>
    [Theory]
    [InlineData(DecoderStyle.Packed, Precision.FourBitHalf, 0.03)]
    [InlineData(DecoderStyle.Contrib, Precision.FourBitHalf, 0.03)]
    [InlineData(DecoderStyle.Plain, Precision.FourBitHalf, 0.03)]
    [InlineData(DecoderStyle.Contrib, Precision.Single, 1e-4)]
    [InlineData(DecoderStyle.Plain, Precision.Single, 1e-4)]
    public void Step_of_rows_that_come_and_go_gives_the_logits_of_each_alone(DecoderStyle style, Precision precision, double tolerance)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm, style, precision);
        var options = new OnnxOptions { Dtype = precision.Dtype() };
        var sessions = new SessionFactory(options);
        using var session = OnnxVideoLanguageModel.Decoder(model.Folder, sessions, options);
        using var batch = OnnxVideoLanguageModel.Batch(session, sessions, options);
        int[][] texts = [.. Enumerable.Range(0, 4).Select(slot => Enumerable.Range(0, 12).Select(i => 1 + (((slot * 31) + (i * 17)) % 200)).ToArray())];
        EncodedPrompt[] prompts = [.. OfManyFilms(model)[..4].Select(model.Folder.PromptEncoder().Encode)];
        for (int step = 0; step < 20; step++)
        {
            foreach (var (slot, prompt) in prompts.Index())
                if (step == slot * 3)
                    batch.Join(slot, Read(session, prompt), prompt.TokenIds.Length + 12);
                else if (step == (slot * 3) + 8 - slot)
                    batch.Leave(slot);
            int[] writing = [.. Enumerable.Range(0, 4).Where(slot => step >= slot * 3 && step < (slot * 3) + 8 - slot)];
            if (writing.Length == 0)
                continue;
            int?[] tokens = new int?[batch.Slots];
            foreach (int slot in writing)
                tokens[slot] = texts[slot][step - (slot * 3)];
            batch.Step(tokens);
            foreach (int slot in writing)
                AssertAlone(session, prompts[slot], texts[slot][..(step - (slot * 3) + 1)], batch.Logits(slot).ToArray(), tolerance);
        }
    }

    [Fact]
    public void Step_of_plain_rows_beside_one_that_filled_the_context_and_went_stays_within_the_context()
    {
        const int room = 3, after = 4;
        var model = tiny.Drawn(TinyFolder.SmolVlm, DecoderStyle.Plain);
        EncodedPrompt[] prompts = [.. OfManyFilms(model)[..4].Select(model.Folder.PromptEncoder().Encode)];
        int longest = Array.IndexOf(prompts, prompts.MaxBy(prompt => prompt.TokenIds.Length)), context = prompts[longest].TokenIds.Length + room;
        string parent = Directory.CreateTempSubdirectory("context-").FullName;
        try
        {
            var options = new OnnxOptions();
            var sessions = new SessionFactory(options);
            using var session = OnnxVideoLanguageModel.Decoder(OfContext(parent, context), sessions, options);
            using var rows = Assert.IsType<PaddedRows>(OnnxVideoLanguageModel.Batch(session, sessions, options));
            foreach (var (slot, prompt) in prompts.Index())
                rows.Join(slot, Read(session, prompt), prompt.TokenIds.Length + room);
            for (int step = 0; step < room + after; step++)
            {
                if (step == room)
                {
                    Assert.Equal(context, rows.Tokens);
                    rows.Leave(longest);
                }
                var tokens = new int?[rows.Slots];
                foreach (int slot in Enumerable.Range(0, prompts.Length).Where(slot => step < room || slot != longest))
                    tokens[slot] = 1 + (slot * 31) + step;
                rows.Step(tokens);
                Assert.InRange(rows.Tokens, 1, context);
                foreach (int slot in Enumerable.Range(0, prompts.Length).Where(slot => tokens[slot] is not null))
                    AssertAlone(session, prompts[slot], [.. Enumerable.Range(0, step + 1).Select(i => 1 + (slot * 31) + i)], rows.Logits(slot).ToArray(), 1e-4);
            }
        }
        finally
        {
            Directory.Delete(parent, recursive: true);
        }
    }

    private static ModelFolder OfContext(string parent, int tokens)
    {
        string folder = TinyFolder.Write(TinyFolder.SmolVlm, parent, DecoderStyle.Plain, Precision.Single), path = Path.Combine(folder, "config.json");
        JsonNode config = JsonNode.Parse(File.ReadAllText(path))!;
        config["text_config"]!["max_position_embeddings"] = tokens;
        File.WriteAllText(path, config.ToJsonString());
        return ModelFolder.Open(folder);
    }

    private static void AssertAlone(DecoderSession session, EncodedPrompt prompt, int[] written, float[] logits, double tolerance)
    {
        using var alone = Read(session, prompt);
        foreach (int token in written)
            alone.Step(token);
        Assert.InRange(alone.Logits.OfRow(0).ToArray().Zip(logits, (one, other) => Math.Abs(one - other)).Max(), 0, tolerance);
    }

    private static DecodeRun Read(DecoderSession session, EncodedPrompt prompt)
    {
        var run = new DecodeRun(session, prompt, key: null, TimeProvider.System);
        while (!run.ReadOn(1000))
        {
        }
        return run;
    }

    [Fact]
    public async Task CompleteAsync_of_a_traced_graph_together_gives_the_ids_of_one_after_another()
    {
        await AssertSame(tiny[TinyModel.Llava], OfOneFilm(tiny[TinyModel.Llava]));
        await AssertSame(tiny[TinyModel.Llava], OfManyFilms(tiny[TinyModel.Llava]));
    }

    [Fact]
    public async Task CompleteAsync_of_the_shipped_model_together_gives_the_ids_of_one_after_another()
    {
        using var model = OnnxVideoLanguageModel.Load(Scenes.Folder);
        Assert.Equal(8, model.LanguageModel.AnswersAtOnce);
        await AssertSame(model, OfOneFilm(model));
        await AssertSame(model, OfManyFilms(model));
    }

    [Fact]
    public async Task CompleteAsync_of_a_graph_without_positions_writes_one_after_another()
    {
        Assert.Equal(1, tiny[TinyModel.Bare].LanguageModel.AnswersAtOnce);
        await AssertSame(tiny[TinyModel.Bare], OfManyFilms(tiny[TinyModel.Bare]));
    }

    [Theory]
    [InlineData(DecoderStyle.Contrib)]
    [InlineData(DecoderStyle.Plain)]
    public async Task CompleteAsync_of_more_than_there_are_slots_gives_each_its_own_answer(DecoderStyle style)
    {
        var folder = tiny.Drawn(TinyFolder.SmolVlm, style).Folder;
        using var model = OnnxVideoLanguageModel.Load(folder, new OnnxOptions { Answers = 3, LongestRunBeside = 7 });
        await AssertSame(model, [.. OfOneFilm(model), .. OfManyFilms(model)]);
    }

    [Theory]
    [InlineData(DecoderStyle.Contrib)]
    [InlineData(DecoderStyle.Plain)]
    public async Task CompleteAsync_of_two_at_once_writes_them_alternately(DecoderStyle style)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm, style);
        Prompt[] prompts = OfOneFilm(model);
        var pieces = new List<int>();
        Task<Completion>? second = null;
        await model.LanguageModel.CompleteAsync(prompts[0], TinyModel.Limits(24), _ =>
        {
            second ??= model.LanguageModel.CompleteAsync(prompts[1], TinyModel.Limits(24), _ => pieces.Add(1));
            pieces.Add(0);
        });
        await second!;
        Assert.True(pieces.IndexOf(1) < pieces.LastIndexOf(0));
        Assert.True(pieces.IndexOf(0) < pieces.LastIndexOf(1));
    }

    [Theory]
    [InlineData(DecoderStyle.Contrib)]
    [InlineData(DecoderStyle.Plain)]
    public async Task CompleteAsync_that_is_cancelled_or_fails_among_others_leaves_them_alone(DecoderStyle style)
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm, style);
        Prompt[] prompts = OfManyFilms(model);
        var alone = await Alone(model, prompts[..3]);
        using var cancel = new CancellationTokenSource();
        Task<Completion>[] others = [];
        var first = await model.LanguageModel.CompleteAsync(prompts[0], Limits(0), _ =>
        {
            if (others.Length > 0)
                return;
            others =
            [
                model.LanguageModel.CompleteAsync(prompts[1], Limits(1)),
                model.LanguageModel.CompleteAsync(prompts[3], TinyModel.Limits(60), _ => cancel.Cancel(), cancel.Token),
                model.LanguageModel.CompleteAsync(prompts[4], TinyModel.Limits(60), _ => throw new InvalidDataException()),
                model.LanguageModel.CompleteAsync(prompts[5], new GenerationLimits(5, TimeSpan.Zero)),
                model.LanguageModel.CompleteAsync(prompts[2], Limits(2)),
            ];
        });
        Assert.Equal(alone[0], first.TokenIds);
        Assert.Equal(alone[1], (await others[0]).TokenIds);
        Assert.Equal(alone[2], (await others[4]).TokenIds);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => others[1]);
        await Assert.ThrowsAsync<InvalidDataException>(() => others[2]);
        Assert.Equal((FinishReason.Deadline, 0), ((await others[3]).Finish, (await others[3]).CompletionTokens));
    }

    [Fact]
    public async Task CompleteAsync_that_is_cancelled_while_it_waits_ends_at_once()
    {
        using var model = OnnxVideoLanguageModel.Load(tiny.Drawn(TinyFolder.SmolVlm).Folder, new OnnxOptions { Answers = 1 });
        Prompt[] prompts = OfManyFilms(model);
        using var cancel = new CancellationTokenSource();
        Task<Completion>? waiting = null;
        await model.LanguageModel.CompleteAsync(prompts[0], TinyModel.Limits(8), _ =>
        {
            if (waiting is not null)
                return;
            waiting = model.LanguageModel.CompleteAsync(prompts[1], TinyModel.Limits(8), cancellation: cancel.Token);
            Assert.False(waiting.IsCompleted);
            cancel.Cancel();
        });
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting!);
        Assert.Equal(8, (await model.LanguageModel.CompleteAsync(prompts[2], TinyModel.Limits(8))).TokenIds.Count);
    }

    [Fact]
    public async Task CompleteAsync_of_shaped_answers_together_gives_each_its_shape()
    {
        var model = tiny.Drawn(TinyFolder.SmolVlm);
        Prompt[] prompts = OfOneFilm(model);
        var limits = TinyModel.Limits(20) with { Shape = AnswerShape.OneOf("yes", "no") };
        Task<Completion>[] others = [];
        await model.LanguageModel.CompleteAsync(prompts[0], TinyModel.Limits(30), _ =>
            others = others.Length > 0 ? others : [.. prompts[1..].Select(prompt => model.LanguageModel.CompleteAsync(prompt, limits))]);
        foreach (var other in others)
            Assert.Contains((await other).Text, (string[])["yes", "no"]);
    }

    /// <summary>Each a few tokens longer than the one before.</summary>
    private static GenerationLimits Limits(int index) => TinyModel.Limits(6 + (5 * index));

    /// <summary>Eight questions about one film, whose pictures are read once.</summary>
    private static Prompt[] OfOneFilm(OnnxVideoLanguageModel model)
    {
        var seen = TinyModel.Encode(model, TinyModel.Pixels(model, 3, 77), 3);
        return [.. Questions.Select(question => new PromptBuilder(model.Manifest).Build(seen, question) with { Prefix = PrefixKey.Of("film", "", seen) })];
    }

    /// <summary>A question about each of eight films of different lengths.</summary>
    private static Prompt[] OfManyFilms(OnnxVideoLanguageModel model) => [.. Questions.Select((question, i) =>
        new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, TinyModel.Pixels(model, 1 + (i * 3 % 5), 80 + i), 1 + (i * 3 % 5)), question))];

    private static async Task<List<IReadOnlyList<int>>> Alone(OnnxVideoLanguageModel model, Prompt[] prompts)
    {
        var ids = new List<IReadOnlyList<int>>();
        foreach (var (index, prompt) in prompts.Index())
            ids.Add((await model.LanguageModel.CompleteAsync(prompt, Limits(index))).TokenIds);
        return ids;
    }

    private static async Task AssertSame(OnnxVideoLanguageModel model, Prompt[] prompts)
    {
        var alone = await Alone(model, prompts);
        // All others are asked while the first is written.
        Task<Completion>[] others = [];
        var first = await model.LanguageModel.CompleteAsync(prompts[0], Limits(0), _ => others = others.Length > 0 ? others :
            [.. prompts[1..].Select((prompt, i) => model.LanguageModel.CompleteAsync(prompt, Limits(i + 1)))]);
        Assert.Equal(alone, [first.TokenIds, .. (await Task.WhenAll(others)).Select(completion => completion.TokenIds)]);
    }
}
