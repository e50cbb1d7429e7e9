using Streaming.Contracts;
using Streaming.Pipelines.Tests;

namespace Streaming.Server.Tests;

public sealed class FileTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new();

    [Fact]
    public async Task AddFileAsync_film_is_read_and_can_be_asked_about()
    {
        FileDocument added = (await _machine.UploadAsync(_machine.Film())).Value!;
        Assert.Equal(("holiday.mp4", "h264", 160, 120, 6d), (added.Name, added.Codec, added.Width!.Value, added.Height!.Value, added.DurationSeconds!.Value));
        FileDocument read = await _machine.UntilReadAsync(added.Id);
        Assert.Equal((FileState.Ready, null, null), (read.State, read.EtaSeconds, read.Problem));
        Assert.Equal((150, 12), (read.Frames.Decoded, read.Frames.Sampled));
        Assert.InRange(read.IngestedSeconds, 5.5, 6);

        var (text, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.File(added.Id)], "is there a square?"));
        Assert.Equal(("yes", "yes"), (text, answer!.Answer));
        CitationDocument citation = Assert.Single(answer.Citations);
        Assert.StartsWith($"/v1/files/{added.Id}/keyframes/", citation.Keyframe);
        Assert.Equal((null, null), (citation.Stream, citation.Start));
        Assert.Equal(12 * 16, answer.Usage.VisualTokensSource);
        Assert.InRange(answer.Usage.VisualTokensKept, 1, 12 * 16);
    }

    [Fact]
    public async Task KeyframesAsync_of_a_film_are_listed_and_their_pictures_served()
    {
        SourceName film = SourceName.File((await _machine.UploadAsync(_machine.Film())).Value!.Id);
        FileDocument read = await _machine.UntilReadAsync(film.Name);
        var directory = await _machine.OpenAsync();
        IReadOnlyList<KeyframeDocument> all = (await directory.KeyframesAsync(film, 0, 1000, default)).Value!.Keyframes;
        Assert.Equal(read.Frames.Kept, all.Count);
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(k => k.Number));
        Assert.Equal([all[^2], all[^1]], (await directory.KeyframesAsync(film, 0, 2, default)).Value!.Keyframes);
        Assert.Equal(all.Skip(2), (await directory.KeyframesAsync(film, 2, 1000, default)).Value!.Keyframes);
        Assert.Equal([0xFF, 0xD8, 0xFF], (await directory.KeyframePictureAsync(film, 1, default)).Value![..3]);
        Assert.Equal(ProblemKind.NotFound, (await directory.KeyframePictureAsync(film, all.Count, default)).Problem!.Kind);
    }

    [Fact]
    public async Task AddFileAsync_same_content_keeps_its_id_and_is_not_read_again()
    {
        string film = _machine.Film();
        FileDocument first = (await _machine.UploadAsync(film)).Value!;
        await _machine.UntilReadAsync(first.Id);
        FileDocument second = (await _machine.UploadAsync(film, "another name.mp4")).Value!;
        Assert.Equal((first.Id, FileState.Ready), (second.Id, second.State));
        Assert.Single(await (await _machine.OpenAsync()).FilesAsync(default));
    }

    [Theory]
    [InlineData("no film at all", "text")]
    [InlineData("#EXTM3U\nhttp://127.0.0.1/x.ts\n", "playlist")]
    [InlineData("", "empty")]
    public async Task AddFileAsync_what_is_no_film_is_refused_and_leaves_nothing(string content, string word)
    {
        var directory = await _machine.OpenAsync();
        var outcome = await directory.AddFileAsync("x.mp4", new MemoryStream(System.Text.Encoding.UTF8.GetBytes(content)), default);
        Assert.Equal(ProblemKind.Invalid, outcome.Problem!.Kind);
        Assert.Contains(word, outcome.Problem.Detail);
        Assert.Empty(await directory.FilesAsync(default));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "files")));
    }

    [Fact]
    public async Task AddFileAsync_limits_are_kept()
    {
        string film = _machine.Film();
        _machine.Settings = new Settings { UploadBytes = 1000 };
        Assert.Equal(ProblemKind.TooLarge, (await _machine.UploadAsync(film)).Problem!.Kind);
        await _machine.CloseAsync();
        _machine.Settings = new Settings { Files = 0 };
        Assert.Equal(ProblemKind.Full, (await _machine.UploadAsync(film)).Problem!.Kind);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "files")));
    }

    [Fact]
    public async Task OpenAsync_after_a_restart_knows_files_and_answers()
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        FileDocument before = await _machine.UntilReadAsync(id);
        var (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "is there a square?"));
        await _machine.CloseAsync();
        FileDocument after = await _machine.UntilReadAsync(id);
        Assert.Equal(before, after);
        var (_, again, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "is there a square?"));
        Assert.Equal(answer!.Citations, again!.Citations);
        Assert.Equal(answer.Usage, again.Usage);
    }

    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 2)]
    public async Task OpenAsync_reads_a_film_anew_if_the_encoder_tells_saliency_by_other_means(bool attention, int times)
    {
        int encoded = 0;
        await _machine.OpenAsync(Encoder(attention: false));
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        await _machine.UntilReadAsync(id);
        await _machine.CloseAsync();
        int once = encoded;
        await _machine.OpenAsync(Encoder(attention));
        Assert.Equal(FileState.Ready, (await _machine.UntilReadAsync(id)).State);
        Assert.Equal(times * once, encoded);

        MeanColourEncoder Encoder(bool attention) => new(frames => Interlocked.Add(ref encoded, frames)) { TellsSaliency = attention };
    }

    [Fact]
    public async Task RemoveFileAsync_forgets_the_film_and_what_was_seen()
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        await _machine.UntilReadAsync(id);
        var directory = await _machine.OpenAsync();
        Assert.Equal(id, (await directory.RemoveFileAsync(id, default)).Value!.Id);
        Assert.Equal(ProblemKind.NotFound, (await directory.FileAsync(id, default)).Problem!.Kind);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "files")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "films")));
    }

    [Fact]
    public async Task OpenAsync_after_an_interruption_goes_on_where_reading_stood()
    {
        var gate = new Gate(closesAfter: 4);
        await _machine.OpenAsync(gate.Encoder);
        string id = (await _machine.UploadAsync(_machine.Film(20))).Value!.Id;
        await gate.Closed;
        FileDocument during = (await (await _machine.OpenAsync()).FileAsync(id, default)).Value!;
        Assert.Equal(FileState.Ingesting, during.State);
        await _machine.CloseAsync();
        // As if the power had gone while a keyframe was being written.
        string log = Assert.Single(Directory.GetFiles(Path.Combine(_machine.DataFolder, "films"), "tokens.bin", SearchOption.AllDirectories));
        using (FileStream file = File.OpenWrite(log))
            file.SetLength(file.Length - 3);
        int whole = Streaming.Server.Archive.KeyframeLog.ReadWhole(log).Count();

        var second = new Gate(closesAfter: int.MaxValue);
        await _machine.OpenAsync(second.Encoder);
        FileDocument read = await _machine.UntilReadAsync(id);
        Assert.Equal((FileState.Ready, null, 40), (read.State, read.Problem, read.Frames.Sampled));
        Assert.Equal(read.Frames.Kept - whole, second.Encoded);
        var all = (await (await _machine.OpenAsync()).KeyframesAsync(SourceName.File(id), 0, 1000, default)).Value!.Keyframes;
        Assert.Equal(Enumerable.Range(0, all.Count), all.Select(k => k.Number));
        Assert.Equal(all.Select(k => k.Seconds).Order().Distinct(), all.Select(k => k.Seconds));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task ReadAsync_full_disk_is_waited_out_and_reading_goes_on_where_it_stood()
    {
        var gate = new Gate(closesAfter: 3);
        LocalDirectory directory = await _machine.OpenAsync(gate.Encoder);
        string id = (await _machine.UploadAsync(_machine.Film(20))).Value!.Id;
        await gate.Closed;
        string draft = Assert.Single(Directory.GetDirectories(Path.Combine(_machine.DataFolder, "films")));
        string picture = Path.Combine(draft, "keyframe_000012.jpg");
        File.CreateSymbolicLink(picture, "/dev/full");
        gate.Open();
        FileDocument waiting = await LocalMachine.UntilAsync(async () => (await directory.FileAsync(id, default)).Value!, file => file.Problem is not null);
        Assert.Equal(FileState.Queued, waiting.State);
        Assert.Contains("the disk is full", waiting.Problem);
        Assert.DoesNotContain(_machine.DataFolder, waiting.Problem);
        Assert.InRange(waiting.IngestedSeconds, 1, 19);
        Assert.NotEmpty((await _machine.AskAsync(new AskRequest([SourceName.File(id)], "is there a square?"))).Answer!.Citations);

        File.Delete(picture);
        FileDocument read = await LocalMachine.UntilAsync(async () => (await directory.FileAsync(id, default)).Value!, file => file.State == FileState.Ready);
        Assert.Equal((null, 40), (read.Problem, read.Frames.Sampled));
        var all = (await directory.KeyframesAsync(SourceName.File(id), 0, 1000, default)).Value!.Keyframes;
        Assert.Equal(Enumerable.Range(0, (int)read.Frames.Kept), all.Select(k => k.Number));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task RemoveFileAsync_works_while_its_reading_waits_for_room()
    {
        var gate = new Gate(closesAfter: 3);
        LocalDirectory directory = await _machine.OpenAsync(gate.Encoder);
        string id = (await _machine.UploadAsync(_machine.Film(20))).Value!.Id;
        await gate.Closed;
        File.CreateSymbolicLink(Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(_machine.DataFolder, "films"))), "keyframe_000012.jpg"), "/dev/full");
        gate.Open();
        await LocalMachine.UntilAsync(async () => (await directory.FileAsync(id, default)).Value!, file => file.Problem is not null);
        Assert.NotNull((await directory.RemoveFileAsync(id, default)).Value);
        string next = (await _machine.UploadAsync(_machine.Film(3))).Value!.Id;
        Assert.Equal(FileState.Ready, (await _machine.UntilReadAsync(next)).State);
        Assert.Single(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "films")));
        Assert.Single(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "files")));
    }

    [Fact]
    public async Task AskAsync_while_a_film_is_being_read_uses_what_is_there()
    {
        // Half of the frames wait inside the encoder for as long as the question takes.
        var gate = new Gate(closesAfter: 20);
        await _machine.OpenAsync(gate.Encoder);
        string id = (await _machine.UploadAsync(_machine.Film(20))).Value!.Id;
        await gate.Closed;
        Task<(string, AnswerDocument? Answer, Problem?)> asking = _machine.AskAsync(new AskRequest([SourceName.File(id)], "is there a square?"));
        gate.Open();
        Assert.NotEmpty((await asking).Answer!.Citations);
        Assert.Equal(FileState.Ready, (await _machine.UntilReadAsync(id)).State);
    }

    [Fact]
    public async Task CancelFileAsync_stops_reading_and_what_was_read_can_be_asked_about()
    {
        var gate = new Gate(closesAfter: 2);
        var directory = await _machine.OpenAsync(gate.Encoder);
        string id = (await _machine.UploadAsync(_machine.Film(20))).Value!.Id;
        await gate.Closed;
        Assert.Equal(FileState.Cancelled, (await directory.CancelFileAsync(id, default)).Value!.State);
        gate.Open();
        var (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "is there a square?"));
        Assert.NotEmpty(answer!.Citations);
        await _machine.CloseAsync();
        Assert.Equal(FileState.Cancelled, (await _machine.UntilReadAsync(id)).State);
        (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.File(id)], "is there a square?"));
        Assert.NotEmpty(answer!.Citations);
        Assert.Equal(id, (await _machine.UploadAsync(_machine.Film(20))).Value!.Id);
        Assert.Equal(FileState.Ready, (await _machine.UntilReadAsync(id)).State);
    }

    [Fact]
    public async Task OpenAsync_damaged_entry_is_read_anew()
    {
        string id = (await _machine.UploadAsync(_machine.Film())).Value!.Id;
        FileDocument before = await _machine.UntilReadAsync(id);
        await _machine.CloseAsync();
        string log = Assert.Single(Directory.GetFiles(Path.Combine(_machine.DataFolder, "films"), "tokens.bin", SearchOption.AllDirectories));
        byte[] bytes = File.ReadAllBytes(log);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(log, bytes);
        Assert.Equal(before, await _machine.UntilReadAsync(id));
        Assert.Contains(_machine.Warnings, warning => warning.Contains("read anew"));
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();
}
