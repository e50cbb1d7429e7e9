using Streaming.Oracle;

namespace Streaming.Models.Onnx.Tests.Graphs;

/// <summary>Decoders in plain operators, as PyTorch exports them, cut between their layers.</summary>
[Collection("tiny")]
public sealed class CutDecoderTests(TinyModel tiny)
{
    private const ulong Seed = 515_151;
    private const int Films = 12, QuestionsPerFilm = 9, MostFrames = 4;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(1, 2, 3, 4, 5)]
    public async Task CompleteAsync_of_scenes_cut_with_nothing_pruned_gives_the_same_ids(params int[] layers)
    {
        using var whole = OnnxVideoLanguageModel.Load(Scenes.Folder);
        using var cut = OnnxVideoLanguageModel.Load(Scenes.Folder, new OnnxOptions { InnerReducer = NothingPruned(layers) });
        foreach (var asked in SceneQuestion.Of(whole.Folder.Preprocessor, Seed, count: 2))
            await AssertSame(whole, cut, asked.Prompt(whole));
    }

    [Fact]
    public async Task CompleteAsync_of_scenes_cut_as_holitom_cuts_with_nothing_pruned_gives_the_same_ids_on_a_hundred_questions()
    {
        using var whole = OnnxVideoLanguageModel.Load(Scenes.Folder);
        using var cut = OnnxVideoLanguageModel.Load(Scenes.Folder, new OnnxOptions { InnerReducer = NothingPruned(4) });
        SceneQuestion[] films = [.. SceneQuestion.Of(whole.Folder.Preprocessor, Seed, Films)];
        string[] questions = [.. films.Select(film => film.Question).Distinct().Take(QuestionsPerFilm)];
        int asked = 0;
        foreach (var film in films)
        {
            var seen = film.Seen(whole);
            seen = seen.Slice(0, Math.Min(seen.Count, MostFrames * whole.Manifest.Vision.TokensPerFrame));
            foreach (string question in questions)
            {
                await AssertSame(whole, cut, new PromptBuilder(whole.Manifest).Build(seen, question));
                asked++;
            }
        }
        Assert.True(asked >= 100, $"{asked} questions");
    }

    [Fact]
    public async Task CompleteAsync_of_a_long_answer_cut_with_nothing_pruned_gives_the_same_ids()
    {
        using var cut = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava), new OnnxOptions { InnerReducer = NothingPruned(1) });
        var whole = tiny[TinyModel.Llava];
        for (int frames = 1; frames <= 4; frames++)
            await AssertSame(whole, cut, Prompt(whole, frames, "what is it?"), tokens: 64);
        await AssertSame(whole, cut, new Prompt([new ChatMessage("user", [new TextPart("no pictures")])]), tokens: 64);
    }

    [Theory]
    [InlineData("holitom")]
    [InlineData("holitom-published")]
    [InlineData("fastv")]
    [InlineData("pyramiddrop")]
    public async Task CompleteAsync_with_an_inner_reducer_answers_and_the_second_question_reads_the_pictures_no_more(string name)
    {
        using var model = OnnxVideoLanguageModel.Load(Scenes.Folder, new OnnxOptions { InnerReducer = InnerReducer.Named(name) });
        var asked = SceneQuestion.Of(model.Folder.Preprocessor, Seed, count: 1).Single();
        var seen = asked.Seen(model);
        var first = await model.LanguageModel.CompleteAsync(Ask("what is there?"), TinyModel.Limits(64));
        var other = await model.LanguageModel.CompleteAsync(Ask(asked.Question), TinyModel.Limits(64));
        var again = await model.LanguageModel.CompleteAsync(Ask("what is there?"), TinyModel.Limits(64));
        Assert.Equal(FinishReason.Stop, first.Finish);
        Assert.Equal(0, first.CachedTokens);
        Assert.True(other.CachedTokens > seen.Count);
        Assert.Equal(first.TokenIds, again.TokenIds);

        Prompt Ask(string question) => new PromptBuilder(model.Manifest).Build(seen, question) with { Prefix = PrefixKey.Of("scenes", "", seen) };
    }

    [Fact]
    public void Load_of_a_decoder_without_positions_says_why_it_cannot_be_cut()
    {
        var error = Assert.Throws<Onnx.Graphs.UncuttableGraphException>(
            () => OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Bare), new OnnxOptions { InnerReducer = NothingPruned(1) }));
        Assert.Contains("position_ids", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    [InlineData(1, 1)]
    public void Load_with_a_cut_outside_the_layers_says_how_many_there_are(params int[] layers)
    {
        var error = Assert.Throws<Onnx.Graphs.UncuttableGraphException>(
            () => OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava), new OnnxOptions { InnerReducer = NothingPruned(layers) }));
        Assert.Contains("2 layers", error.Message, StringComparison.Ordinal);
    }

    private static InnerReducer NothingPruned(params int[] layers) =>
        new("nothing", [.. layers.Select(layer => new InnerCut(_ => layer, 1))], DroppedToken.Forgotten);

    private static Prompt Prompt(OnnxVideoLanguageModel model, int frames, string question) =>
        new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, TinyModel.Pixels(model, frames, 70 + frames), frames), question);

    private static async Task AssertSame(OnnxVideoLanguageModel whole, OnnxVideoLanguageModel cut, Prompt prompt, int tokens = 64)
    {
        var expected = await whole.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(tokens));
        var actual = await cut.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(tokens));
        Assert.Equal(expected.TokenIds, actual.TokenIds);
    }
}
