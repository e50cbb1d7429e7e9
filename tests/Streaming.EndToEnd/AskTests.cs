using System.Text.Json;

namespace Streaming.EndToEnd;

public sealed class AskTests : IDisposable
{
    private readonly Cli _cli = new();

    [Fact]
    public async Task Ask_json_holds_answer_evidence_and_cost()
    {
        var answer = await _cli.AskAsync(await _cli.FilmAsync());
        Assert.Equal(["answer", "citations", "frames", "usage", "timings", "model", "gaps"], answer.EnumerateObject().Select(p => p.Name));
        Assert.Equal((150, 12, 0), (Number(answer, "frames", "decoded"), Number(answer, "frames", "sampled"), Number(answer, "frames", "unreadable")));
        Assert.InRange(Number(answer, "frames", "kept"), 2, 12);
        Assert.InRange(Number(answer, "usage", "visual_tokens_kept"), 1, Number(answer, "usage", "visual_tokens_source"));
        Assert.True(Number(answer, "usage", "prompt_tokens") > Number(answer, "usage", "visual_tokens_kept"));
        foreach (string timing in (string[])["decode", "encode", "reduce", "prefill", "decode_steps"])
            Assert.True(answer.GetProperty("timings").GetProperty(timing).GetDouble() >= 0);
        Assert.Equal("tiny-llava", answer.GetProperty("model").GetString());
    }

    [Fact]
    public async Task Ask_citations_lie_inside_the_film_and_name_a_jpeg()
    {
        var answer = await _cli.AskAsync(await _cli.FilmAsync());
        var citations = answer.GetProperty("citations").EnumerateArray().ToList();
        Assert.NotEmpty(citations);
        foreach (var citation in citations)
        {
            Assert.InRange(citation.GetProperty("start_seconds").GetDouble(), 0, citation.GetProperty("end_seconds").GetDouble());
            Assert.InRange(citation.GetProperty("end_seconds").GetDouble(), 0, 6);
            byte[] picture = await File.ReadAllBytesAsync(citation.GetProperty("keyframe").GetString()!);
            Assert.Equal([0xFF, 0xD8, 0xFF], picture[..3]);
        }
    }

    [Fact]
    public async Task Ask_film_seen_before_is_not_read_again_whatever_its_name()
    {
        string film = await _cli.FilmAsync();
        var first = await _cli.AskAsync(film);
        string renamed = Path.Combine(_cli.Folder, "renamed.mp4");
        File.Move(film, renamed);
        var second = await _cli.AskAsync(renamed);
        Assert.Equal(0, second.GetProperty("timings").GetProperty("decode").GetDouble());
        Assert.Equal(0, second.GetProperty("timings").GetProperty("encode").GetDouble());
        AssertSameAnswer(first, second);
        Assert.Equal(first.GetProperty("frames").ToString(), second.GetProperty("frames").ToString());
        Assert.Single(Directory.GetDirectories(Path.Combine(_cli.DataFolder, "films")));
    }

    [Theory]
    [InlineData("1.3")]
    [InlineData("3.3")]
    public async Task Ask_as_of_a_moment_equals_the_film_cut_there(string moment)
    {
        string film = await _cli.FilmAsync();
        string cut = await _cli.MakeAsync("cut.mp4", $"-i {film} -t {moment} -c copy -f mp4");
        AssertSameAnswer(await _cli.AskAsync(cut), await _cli.AskAsync(film, "--to", moment));
    }

    [Fact]
    public async Task Ask_film_read_twice_gives_the_same_tokens_to_the_bit()
    {
        string film = await _cli.FilmAsync();
        foreach (string dump in (string[])["first", "second"])
            await _cli.AskAsync(film, "--dump-tokens", Path.Combine(_cli.Folder, dump));
        foreach (string file in (string[])["features.npy", "saliency.npy", "kept.npy"])
            Assert.Equal(
                await File.ReadAllBytesAsync(Path.Combine(_cli.Folder, "first", file)), await File.ReadAllBytesAsync(Path.Combine(_cli.Folder, "second", file)));
    }

    [Fact]
    public async Task Ask_dump_tokens_writes_numpy_files_of_matching_shapes()
    {
        string folder = Path.Combine(_cli.Folder, "dump");
        var answer = await _cli.AskAsync(await _cli.FilmAsync(), "--dump-tokens", folder);
        long[] features = Shape("features.npy"), saliency = Shape("saliency.npy"), kept = Shape("kept.npy");
        Assert.Equal(Number(answer, "frames", "kept"), features[0]);
        Assert.Equal(features[..2], saliency);
        Assert.InRange(Assert.Single(kept), 1, features[0] * features[1]);

        long[] Shape(string name)
        {
            string header = System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(folder, name)).AsSpan(10, 118));
            int start = header.IndexOf('(', StringComparison.Ordinal) + 1, end = header.IndexOf(')', StringComparison.Ordinal);
            return [.. header[start..end].Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(long.Parse)];
        }
    }

    [Fact]
    public async Task Ask_stretch_beyond_the_film_gets_nothing_seen_yet()
    {
        var answer = await _cli.AskAsync(await _cli.FilmAsync(), "--from", "100");
        Assert.Equal("nothing seen yet", answer.GetProperty("answer").GetString());
        Assert.Equal(0, answer.GetProperty("citations").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("model").ValueKind);
    }

    [Fact]
    public async Task Ask_for_people_prints_answer_and_evidence_and_no_progress_into_a_pipe()
    {
        var result = await _cli.RunAsync("ask", await _cli.FilmAsync(), "what is there?");
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        Assert.Contains("visual tokens", result.Output);
        Assert.Contains(".jpg", result.Output);
    }

    [Fact]
    public async Task Ask_concurrent_first_questions_do_not_disturb_each_other()
    {
        string film = await _cli.FilmAsync();
        var answers = await Task.WhenAll(_cli.AskAsync(film), _cli.AskAsync(film), _cli.AskAsync(film));
        AssertSameAnswer(answers[0], answers[1]);
        AssertSameAnswer(answers[0], answers[2]);
        AssertSameAnswer(answers[0], await _cli.AskAsync(film));
        Assert.Single(Directory.GetDirectories(Path.Combine(_cli.DataFolder, "films")));
    }

    [Theory]
    [InlineData("-dash.mp4")]
    [InlineData("--json.mp4")]
    [InlineData("@at.mp4")]
    [InlineData("[suggest].mp4")]
    [InlineData("it's \"odd\" %d \\ \n $HOME ümläut.mp4")]
    [InlineData("concat:a|b.mp4")]
    public async Task Ask_file_name_may_hold_any_character(string name)
    {
        await _cli.FilmAsync(name);
        var answer = await _cli.AskAsync(name);
        Assert.Equal(150, Number(answer, "frames", "decoded"));
    }

    public void Dispose() => _cli.Dispose();

    private static long Number(JsonElement answer, string part, string name) => answer.GetProperty(part).GetProperty(name).GetInt64();

    /// <summary>The same text, cost and evidence. A span that ends where the film does may end a little before the moment asked about.</summary>
    private static void AssertSameAnswer(JsonElement expected, JsonElement actual)
    {
        Assert.Equal(expected.GetProperty("answer").GetString(), actual.GetProperty("answer").GetString());
        Assert.Equal(expected.GetProperty("usage").ToString(), actual.GetProperty("usage").ToString());
        Assert.Equal(Starts(expected), Starts(actual));

        static IEnumerable<double> Starts(JsonElement answer) =>
            answer.GetProperty("citations").EnumerateArray().Select(c => c.GetProperty("start_seconds").GetDouble());
    }
}
