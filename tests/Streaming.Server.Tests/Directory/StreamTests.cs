using Streaming.Contracts;

namespace Streaming.Server.Tests;

public sealed class StreamTests : IAsyncLifetime
{
    private const string NobodyThere = "rtsp://user:secret@127.0.0.1:9/cam";

    private readonly LocalMachine _machine = new();

    [Fact]
    public async Task AddStreamAsync_camera_that_is_down_is_added_at_once_and_tried_again()
    {
        var directory = await _machine.OpenAsync();
        StreamDocument added = (await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default)).Value!;
        Assert.Equal((StreamState.Connecting, "rtsp://127.0.0.1:9/cam", 2d, "UTC"), (added.State, added.Url, added.Sampling, added.TimeZone));
        StreamDocument later = await _machine.UntilAsync("gate", stream => stream.LastError is not null);
        Assert.Equal(StreamState.Connecting, later.State);
        Assert.Null(later.LastFrameAgeSeconds);
        var (text, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.Stream("gate")], "what is there?"));
        Assert.Equal(("nothing seen yet", null), (text, answer!.Model));
        Assert.DoesNotContain(_machine.Warnings, warning => warning.Contains("secret"));
    }

    [Fact]
    public async Task AddStreamAsync_taken_name_and_bad_body_are_refused()
    {
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default);
        Assert.Equal(ProblemKind.Taken, (await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default)).Problem!.Kind);
        Assert.Equal(ProblemKind.Invalid, (await directory.AddStreamAsync(new StreamRequest("yard", File: "no such file"), default)).Problem!.Kind);
        Assert.Equal(ProblemKind.Invalid, (await directory.AddStreamAsync(new StreamRequest("a/b", NobodyThere), default)).Problem!.Kind);
        Assert.Single(await directory.StreamsAsync(default));
    }

    [Fact]
    public async Task MemoryAsync_of_a_stream_tells_of_all_its_keyframes_and_tokens()
    {
        string id = (await _machine.UploadAsync(_machine.Film(3))).Value!.Id;
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id), default);
        StreamDocument ended = await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        MemoryDocument memory = (await directory.MemoryAsync(SourceName.Stream("film"), default)).Value!;
        Assert.Equal(ended.StartedAt, memory.StartedAt);
        Assert.Equal((ended.VisualTokens.Remembered, ended.Frames.Kept), (memory.Clips.Sum(clip => clip.VisualTokens), memory.Clips.Sum(clip => clip.Keyframes)));
        Assert.All(memory.Clips, clip => Assert.True(clip.IsWhole && clip.Left == clip.Keyframes && clip.EndSeconds <= memory.UntilSeconds));
        Assert.Empty(memory.Gaps);
        Assert.Equal(ProblemKind.NotFound, (await directory.MemoryAsync(SourceName.Stream("gate"), default)).Problem!.Kind);
    }

    [Fact]
    public async Task LivePictureAsync_while_somebody_looks_shows_more_than_keyframes()
    {
        using var camera = new Camera();
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("yard", NobodyThere), default);
        Assert.Equal(ProblemKind.NotFound, (await directory.LivePictureAsync("yard", default)).Problem!.Kind);
        await directory.AddStreamAsync(new StreamRequest("gate", camera.Url, Sampling: 5), default);
        var seen = new HashSet<string>();
        StreamDocument stream = await LocalMachine.UntilAsync(
            async () =>
            {
                if ((await directory.LivePictureAsync("gate", default)).Value is { } jpeg)
                    seen.Add(Convert.ToBase64String(jpeg));
                return (await directory.StreamAsync("gate", default)).Value!;
            },
            stream => seen.Count > stream.Frames.Kept + 3);
        Assert.InRange(seen.Count, 4, stream.Frames.Sampled);
    }

    [Fact]
    public async Task AddStreamAsync_film_is_played_in_real_time_and_ends()
    {
        string id = (await _machine.UploadAsync(_machine.Film(3))).Value!.Id;
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id, TimeZone: "Europe/Berlin", Policy: "dtd"), default);
        Assert.Equal(ProblemKind.Taken, (await directory.RemoveFileAsync(id, default)).Problem!.Kind);
        StreamDocument ended = await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        Assert.Equal((75, 6, 0), (ended.Frames.Decoded, ended.Frames.Sampled, ended.Frames.Dropped));
        Assert.InRange(ended.VisualTokens.Kept, 16, ended.VisualTokens.In);
        Assert.Equal(ended.VisualTokens.Kept, ended.VisualTokens.Remembered);
        Assert.Equal("h264", ended.Codec);

        var (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.Stream("film")], "is there a square?"));
        CitationDocument citation = Assert.Single(answer!.Citations);
        Assert.StartsWith("/v1/streams/film/keyframes/", citation.Keyframe);
        Assert.Equal(answer.Frames.Sampled * 16, answer.Usage.VisualTokensSource);
        Assert.Equal("film", citation.Stream);
        Assert.Equal(ended.StartedAt.AddSeconds(citation.StartSeconds), citation.Start!.Value);
        Assert.InRange(citation.EndSeconds, 2.4, 4);
    }

    [Fact]
    public async Task AddStreamAsync_by_a_policy_keeps_its_share_also_after_a_restart()
    {
        string id = (await _machine.UploadAsync(_machine.Film(3))).Value!.Id;
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id, Policy: "holitom-causal", Retain: 0.25), default);
        StreamDocument ended = await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        Assert.Equal(("holitom-causal", 0.25), (ended.Policy, ended.Retain));
        Assert.InRange(ended.VisualTokens.Kept, 1, ended.VisualTokens.In / 4);
        Assert.Equal(ended.VisualTokens.Kept, ended.VisualTokens.Remembered);
        var keyframes = (await directory.KeyframesAsync(SourceName.Stream("film"), 0, 100, default)).Value!.Keyframes;
        Assert.Equal(ended.VisualTokens.Kept, keyframes.Sum(keyframe => keyframe.VisualTokens));
        await _machine.CloseAsync();

        directory = await _machine.OpenAsync();
        StreamDocument again = (await directory.StreamAsync("film", default)).Value!;
        Assert.Equal(("holitom-causal", ended.VisualTokens.Kept), (again.Policy, again.VisualTokens.Remembered));
        StreamDocument changed = (await directory.ChangeStreamAsync("film", new StreamPatch(Policy: "dtd"), default)).Value!;
        Assert.Equal(("dtd", null), (changed.Policy, changed.Retain));
    }

    [Fact]
    public async Task OpenAsync_after_a_restart_brings_streams_memory_and_pictures_back()
    {
        string id = (await _machine.UploadAsync(_machine.Film(3))).Value!.Id;
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("film", File: id), default);
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere, Sampling: 0.5, Decode: DecodeMode.Intra), default);
        StreamDocument before = await _machine.UntilAsync("film", stream => stream.State == StreamState.Ended);
        var question = new AskRequest([SourceName.Stream("film")], "is there a square?");
        AnswerDocument answer = (await _machine.AskAsync(question)).Answer!;
        var keyframes = (await directory.KeyframesAsync(question.Sources[0], 0, 100, default)).Value!.Keyframes;
        await _machine.CloseAsync();

        directory = await _machine.OpenAsync();
        StreamDocument after = (await directory.StreamAsync("film", default)).Value!;
        Assert.Equal((StreamState.Ended, before.StartedAt, before.VisualTokens.Remembered), (after.State, after.StartedAt, after.VisualTokens.Remembered));
        AnswerDocument again = (await _machine.AskAsync(question)).Answer!;
        Assert.Equal(answer.Citations, again.Citations);
        Assert.Equal(answer.Usage, again.Usage);
        Assert.Equal(keyframes, (await directory.KeyframesAsync(question.Sources[0], 0, 100, default)).Value!.Keyframes);
        Assert.Equal([0xFF, 0xD8], (await directory.KeyframePictureAsync(question.Sources[0], 0, default)).Value![..2]);
        StreamDocument gate = (await directory.StreamAsync("gate", default)).Value!;
        Assert.Equal((0.5, DecodeMode.Intra), (gate.Sampling, gate.Decode));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task AddStreamAsync_passwords_lie_in_a_file_that_only_the_owner_reads()
    {
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default);
        string[] holding = [.. Directory.GetFiles(_machine.DataFolder, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains("secret"))];
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Assert.Single(holding)));
    }

    [Fact]
    public async Task ChangeStreamAsync_stops_changes_and_starts_again()
    {
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default);
        StreamDocument stopped = (await directory.ChangeStreamAsync("gate", new StreamPatch(Enabled: false, Sampling: 1), default)).Value!;
        Assert.Equal((StreamState.Stopped, 1d), (stopped.State, stopped.Sampling));
        await _machine.CloseAsync();
        directory = await _machine.OpenAsync();
        Assert.Equal(StreamState.Stopped, (await directory.StreamAsync("gate", default)).Value!.State);
        Assert.Equal(StreamState.Connecting, (await directory.ChangeStreamAsync("gate", new StreamPatch(Enabled: true), default)).Value!.State);
        Assert.Equal(ProblemKind.Invalid, (await directory.ChangeStreamAsync("gate", new StreamPatch(Url: "http://x/"), default)).Problem!.Kind);
        Assert.Equal(ProblemKind.NotFound, (await directory.ChangeStreamAsync("yard", new StreamPatch(), default)).Problem!.Kind);
    }

    [Fact]
    public async Task RemoveStreamAsync_forgets_it()
    {
        var directory = await _machine.OpenAsync();
        await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default);
        Assert.Equal("gate", (await directory.RemoveStreamAsync("gate", default)).Value!.Name);
        Assert.Empty(await directory.StreamsAsync(default));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(_machine.DataFolder, "streams")));
        Assert.NotNull((await directory.AddStreamAsync(new StreamRequest("gate", NobodyThere), default)).Value);
    }

    [Fact]
    public async Task OpenAsync_cameras_of_the_configuration_are_declared_and_changed()
    {
        _machine.Settings = new Settings { Cameras = [new StreamRequest("gate", NobodyThere, Sampling: 1)] };
        Assert.Equal(1, Assert.Single(await (await _machine.OpenAsync()).StreamsAsync(default)).Sampling);
        await _machine.CloseAsync();
        _machine.Settings = new Settings { Cameras = [new StreamRequest("gate", NobodyThere, Sampling: 3)] };
        Assert.Equal(3, Assert.Single(await (await _machine.OpenAsync()).StreamsAsync(default)).Sampling);
        await _machine.CloseAsync();
        _machine.Settings = new Settings { Cameras = [new StreamRequest("gate", "http://user:secret@x/")] };
        var refused = await Assert.ThrowsAsync<SettingException>(() => _machine.OpenAsync());
        Assert.Contains("STREAMING_CAMERAS", refused.Message);
        Assert.DoesNotContain("secret", refused.Message);
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();
}
