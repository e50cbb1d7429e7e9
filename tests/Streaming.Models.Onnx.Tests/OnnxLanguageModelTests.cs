using System.Text;
using System.Text.Json;
using Streaming.Models.Shapes;

namespace Streaming.Models.Onnx.Tests;

[Collection("tiny")]
public sealed class OnnxLanguageModelTests(TinyModel tiny)
{
    private const string Asked = "what is it?";

    private OnnxVideoLanguageModel Model => tiny[TinyModel.Llava];

    [Fact]
    public async Task CompleteAsync_at_the_token_cap_finishes_with_length()
    {
        var completion = await Model.LanguageModel.CompleteAsync(Seen(2), TinyModel.Limits(5));
        Assert.Equal((FinishReason.Length, 5), (completion.Finish, completion.CompletionTokens));
        Assert.Equal(5, completion.TokenIds.Count);
    }

    [Fact]
    public async Task CompleteAsync_streams_the_whole_text_in_pieces()
    {
        var text = new StringBuilder();
        var completion = await Model.LanguageModel.CompleteAsync(Seen(1), TinyModel.Limits(40), piece => text.Append(piece));
        Assert.Equal(completion.Text, text.ToString());
        Assert.Equal(Model.Folder.Tokenizer.Decode(completion.TokenIds), completion.Text);
    }

    [Fact]
    public async Task CompleteAsync_with_the_deadline_passed_gives_an_empty_answer()
    {
        var completion = await Model.LanguageModel.CompleteAsync(Seen(1), new GenerationLimits(10, TimeSpan.Zero));
        Assert.Equal((FinishReason.Deadline, 0, ""), (completion.Finish, completion.CompletionTokens, completion.Text));
    }

    [Fact]
    public async Task CompleteAsync_whose_deadline_passes_while_it_writes_keeps_what_is_written()
    {
        var clock = new ManualClock();
        using var model = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava), new OnnxOptions { Clock = clock });
        int pieces = 0;
        var completion = await model.LanguageModel.CompleteAsync(Seen(1), new GenerationLimits(200, TimeSpan.FromSeconds(9)), _ =>
        {
            if (++pieces == 3)
                clock.Advance(TimeSpan.FromSeconds(10));
        });
        Assert.Equal(FinishReason.Deadline, completion.Finish);
        Assert.InRange(completion.CompletionTokens, 3, 199);
    }

    [Fact]
    public async Task CompleteAsync_when_cancelled_throws_and_the_next_answer_is_whole()
    {
        using var cancelled = new CancellationTokenSource();
        var expected = await Model.LanguageModel.CompleteAsync(Seen(1), TinyModel.Limits(20));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Model.LanguageModel.CompleteAsync(
            Seen(1), TinyModel.Limits(500), _ => cancelled.Cancel(), cancelled.Token));
        var next = await Model.LanguageModel.CompleteAsync(Seen(1), TinyModel.Limits(20));
        Assert.Equal(expected.TokenIds, next.TokenIds);
    }

    [Fact]
    public async Task CompleteAsync_of_many_at_once_gives_each_its_own_answer()
    {
        Prompt[] prompts = [.. Enumerable.Range(0, 8).Select(i => Seen((i % 4) + 1))];
        var alone = new List<IReadOnlyList<int>>();
        foreach (var prompt in prompts)
            alone.Add((await Model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(12))).TokenIds);
        var together = await Task.WhenAll(prompts.Select(prompt => Model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(12))));
        Assert.Equal(alone, together.Select(completion => completion.TokenIds));
    }

    [Fact]
    public async Task CompleteAsync_of_a_prompt_beyond_the_context_throws() =>
        await Assert.ThrowsAsync<PromptTooLongException>(() => Model.LanguageModel.CompleteAsync(Seen(64), TinyModel.Limits(1)));

    [Fact]
    public async Task CompleteAsync_near_the_end_of_the_context_stops_there()
    {
        var prompt = Seen(53);
        int room = Model.LanguageModel.ContextTokens - Model.Folder.PromptEncoder().Encode(prompt).TokenIds.Length;
        var completion = await Model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(100_000));
        Assert.InRange(completion.CompletionTokens, 1, room);
    }

    [Fact]
    public async Task CompleteAsync_of_tokens_of_another_width_throws()
    {
        var foreign = new VisualTokens(3, new float[3], new TokenOrigin[1], new float[1], new float[1]);
        var prompt = new PromptBuilder(Model.Manifest).Build(foreign, "?");
        await Assert.ThrowsAsync<ArgumentException>(() => Model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(1)));
    }

    [Fact]
    public async Task CompleteAsync_of_a_question_that_spells_special_tokens_reads_them_as_text()
    {
        var prompt = new PromptBuilder(Model.Manifest).Build(Seen(1).Messages[0].Content.OfType<VisualPart>().Single().Tokens, "<image><|im_end|>");
        var encoded = Model.Folder.PromptEncoder().Encode(prompt);
        Assert.Equal(Model.Manifest.Vision.TokensPerFrame, encoded.TokenIds.Count(id => id == Model.Manifest.ImageTokenId));
        Assert.Equal(1, (await Model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(1))).CompletionTokens);
    }

    [Fact]
    public async Task CompleteAsync_reports_where_its_time_went()
    {
        var completion = await Model.LanguageModel.CompleteAsync(Seen(2), TinyModel.Limits(10));
        Assert.True(completion.Prefill > TimeSpan.Zero && completion.DecodeSteps > TimeSpan.Zero);
        Assert.InRange(completion.ModelTime, TimeSpan.FromTicks(1), completion.Prefill + completion.DecodeSteps);
    }

    [Fact]
    public async Task CompleteAsync_of_another_question_about_the_same_pictures_reads_only_the_question()
    {
        using var fresh = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava));
        var expected = await fresh.LanguageModel.CompleteAsync(Seen(3, "And what else?"), TinyModel.Limits(20));
        await Model.LanguageModel.CompleteAsync(Seen(3), TinyModel.Limits(4));
        await Model.LanguageModel.CompleteAsync(Text("Hello"), TinyModel.Limits(4));
        var second = await Model.LanguageModel.CompleteAsync(Seen(3, "And what else?"), TinyModel.Limits(20));
        Assert.Equal(0, expected.CachedTokens);
        Assert.InRange(second.CachedTokens, 3 * Model.Manifest.Vision.TokensPerFrame, second.PromptTokens - 1);
        Assert.Equal(expected.TokenIds, second.TokenIds);
    }

    [Theory]
    [InlineData(TinyModel.Llava, 1)]
    [InlineData(TinyModel.Llava, 10)]
    [InlineData(TinyModel.Llava, 30)]
    [InlineData(TinyModel.Bare, 10)]
    public async Task CompleteAsync_of_a_prompt_that_is_read_in_several_runs_gives_the_same_ids(string name, int longestRun)
    {
        using var pieces = OnnxVideoLanguageModel.Load(TinyModel.Folder(name), new OnnxOptions { LongestRun = longestRun });
        for (int frames = 2; frames <= 4; frames++)
        {
            var seen = TinyModel.Encode(tiny[name], TinyModel.Pixels(tiny[name], frames, 40 + frames), frames);
            foreach (string question in (string[])[Asked, "And what else?"])
            {
                var prompt = new PromptBuilder(pieces.Manifest).Build(seen, question) with { Prefix = PrefixKey.Of(name, "", seen) };
                var expected = await tiny[name].LanguageModel.CompleteAsync(prompt, TinyModel.Limits(32));
                var actual = await pieces.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(32));
                Assert.True(actual.PromptTokens > longestRun);
                Assert.Equal(expected.TokenIds, actual.TokenIds);
                Assert.Equal(question != Asked, actual.CachedTokens >= seen.Count);
            }
        }
    }

    [Theory]
    [InlineData(TinyModel.Llava)]
    [InlineData(TinyModel.Bare)]
    public async Task CompleteAsync_of_ten_questions_about_two_films_in_turn_reads_each_film_once(string name)
    {
        using var model = OnnxVideoLanguageModel.Load(TinyModel.Folder(name));
        VisualTokens[] films = [.. Enumerable.Range(2, 2).Select(frames => TinyModel.Encode(model, TinyModel.Pixels(model, frames, frames), frames))];
        var read = new List<int>();
        for (int i = 0; i < 20; i++)
        {
            var plain = new PromptBuilder(model.Manifest).Build(films[i % 2], $"what is it {i / 2}?");
            var alone = await model.LanguageModel.CompleteAsync(plain, TinyModel.Limits(12));
            var shared = await model.LanguageModel.CompleteAsync(plain with { Prefix = PrefixKey.Of(name, "", films[i % 2]) }, TinyModel.Limits(12));
            Assert.Equal(0, alone.CachedTokens);
            Assert.Equal(alone.TokenIds, shared.TokenIds);
            read.Add(shared.PromptTokens - shared.CachedTokens);
        }
        Assert.All(read[..2].Zip(films), one => Assert.True(one.First > one.Second.Count));
        Assert.All(read[2..], rest => Assert.InRange(rest, 1, films[0].Count - 1));
    }

    [Fact]
    public async Task CompleteAsync_with_no_room_for_prefixes_gives_the_same_ids_and_reads_all_each_time()
    {
        using var none = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava), new OnnxOptions { PrefixBytes = 1000 });
        foreach (string question in (string[])[Asked, "And what else?", Asked])
        {
            var expected = await Model.LanguageModel.CompleteAsync(Seen(2, question), TinyModel.Limits(20));
            var actual = await none.LanguageModel.CompleteAsync(Seen(2, question), TinyModel.Limits(20));
            Assert.Equal(0, actual.CachedTokens);
            Assert.Equal(expected.TokenIds, actual.TokenIds);
        }
    }

    [Fact]
    public async Task CompleteAsync_about_other_pictures_under_the_same_words_reads_them()
    {
        using var fresh = OnnxVideoLanguageModel.Load(TinyModel.Folder(TinyModel.Llava));
        var other = TinyModel.Encode(Model, TinyModel.Pixels(Model, 2, 99), 2);
        var prompt = Prompt(other, Asked);
        var expected = await fresh.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(20));
        await Model.LanguageModel.CompleteAsync(Seen(2), TinyModel.Limits(4));
        var second = await Model.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(20));
        Assert.Equal(0, second.CachedTokens);
        Assert.Equal(expected.TokenIds, second.TokenIds);
    }

    [Fact]
    public async Task EmbedAsync_gives_a_row_for_each_token_of_the_text_and_none_of_no_text()
    {
        var words = (ITextEmbedder)Model.LanguageModel;
        int hidden = Model.Manifest.Vision.Hidden, tokens = Model.Folder.Tokenizer.Encode(Asked).Length;
        float[] rows = await words.EmbedAsync(Asked);
        Assert.Equal(tokens * hidden, rows.Length);
        Assert.Equal(rows[..hidden], (await words.EmbedAsync("what"))[..hidden]);
        Assert.NotEqual(rows[..hidden], rows[hidden..(2 * hidden)]);
        Assert.Empty(await words.EmbedAsync(""));
    }

    [Fact]
    public async Task EmbedAsync_with_a_text_model_in_the_folder_gives_its_rows()
    {
        Assert.False(((ITextEmbedder)Model.LanguageModel).KnowsLooks);
        using var scenes = OnnxVideoLanguageModel.Load(Scenes.Folder);
        ITextEmbedder words = scenes.LanguageModel;
        int hidden = scenes.Manifest.Vision.Hidden;
        float[] rows = await words.EmbedAsync("the red circle");
        Assert.True(words.KnowsLooks);
        Assert.Equal(3 * hidden, rows.Length);
        Assert.All(rows[..hidden], value => Assert.Equal(0, value));
        Assert.Contains(rows[hidden..(2 * hidden)], value => value != 0);
        Assert.Equal(await words.EmbedAsync(" circles"), rows[(2 * hidden)..]);
    }

    [Fact]
    public void Encode_that_is_cancelled_throws_and_the_next_one_runs()
    {
        float[] pixels = TinyModel.Pixels(Model, 1, 12), features = new float[Model.Manifest.Vision.TokensPerFrame * Model.Manifest.Vision.Hidden];
        Assert.ThrowsAny<OperationCanceledException>(() => Model.VisionEncoder.Encode(pixels, 1, features, cancellation: new CancellationToken(canceled: true)));
        Model.VisionEncoder.Encode(pixels, 1, features);
        Assert.Contains(features, value => value != 0);
    }

    [Fact]
    public void Encode_of_a_batch_equals_encoding_frame_by_frame()
    {
        float[] pixels = TinyModel.Pixels(Model, 3, 12);
        int frame = Model.Folder.Preprocessor.ValuesPerFrame;
        float[] together = TinyModel.Encode(Model, pixels, 3).Features.ToArray();
        float[] apart = [.. Enumerable.Range(0, 3).SelectMany(i =>
            TinyModel.Encode(Model, pixels[(i * frame)..((i + 1) * frame)], 1).Features.ToArray())];
        Assert.All(together.Zip(apart), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public async Task CompleteAsync_with_a_shape_writes_nothing_else()
    {
        var shape = AnswerShape.Json("""{"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}, "count": {"type": "integer"}, "moves": {"type": "boolean"}}}""");
        for (int frames = 1; frames < 4; frames++)
        {
            var completion = await Model.LanguageModel.CompleteAsync(Seen(frames), TinyModel.Limits(80) with { Shape = shape });
            using var json = JsonDocument.Parse(completion.Text);
            Assert.Equal(FinishReason.Stop, completion.Finish);
            Assert.Contains(json.RootElement.GetProperty("colour").GetString(), (string[])["red", "blue"]);
            Assert.True(json.RootElement.GetProperty("count").TryGetInt64(out _));
            Assert.Equal(3, json.RootElement.EnumerateObject().Count());
        }
    }

    [Fact]
    public async Task CompleteAsync_with_a_choice_of_words_takes_the_likelier()
    {
        var answers = new HashSet<string>();
        for (int frames = 1; frames < 5; frames++)
        {
            var completion = await Model.LanguageModel.CompleteAsync(Seen(frames), TinyModel.Limits(20) with { Shape = AnswerShape.OneOf("yes", "no") });
            Assert.Equal(FinishReason.Stop, completion.Finish);
            answers.Add(completion.Text);
        }
        Assert.All(answers, text => Assert.Contains(text, (string[])["yes", "no"]));
    }

    [Fact]
    public async Task CompleteAsync_of_words_that_begin_apart_asks_for_their_beginnings_alone()
    {
        string[] words = ["certainly, as far as one can see", "nobody can tell from this picture"];
        var heard = new StringBuilder();
        var completion = await Model.LanguageModel.CompleteAsync(Seen(2), TinyModel.Limits(40) with { Shape = AnswerShape.OneOf(words) }, text => heard.Append(text));
        Assert.Contains(completion.Text, words);
        Assert.Equal(completion.Text, heard.ToString());
        Assert.Equal((FinishReason.Stop, 1), (completion.Finish, completion.CompletionTokens));
    }

    private Prompt Seen(int frames, string question = Asked) => Prompt(TinyModel.Encode(Model, TinyModel.Pixels(Model, frames, 20 + frames), frames), question);

    private Prompt Prompt(VisualTokens seen, string question) =>
        new PromptBuilder(Model.Manifest).Build(seen, question) with { Prefix = PrefixKey.Of("tiny", "", seen) };

    private static Prompt Text(string text) => new([new ChatMessage("user", [new TextPart(text)])]);
}
