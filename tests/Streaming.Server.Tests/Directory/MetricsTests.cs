using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Streaming.Contracts;
using Streaming.Pipelines;

namespace Streaming.Server.Tests;

public sealed class MetricsTests : IAsyncLifetime
{
    private readonly LocalMachine _machine = new();
    private readonly ConcurrentDictionary<string, double> _values = []; // Other streams of this process are told of at any time.

    [Fact]
    public async Task Meter_of_a_stream_tells_what_its_document_tells()
    {
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, listening) =>
        {
            if (instrument.Meter.Name == StreamingMetrics.MeterName)
                listening.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Record(instrument, value, tags));
        listener.Start();
        var directory = await _machine.OpenAsync();
        string id = (await _machine.UploadAsync(_machine.Film(2))).Value!.Id;
        string name = "film-" + Guid.NewGuid().ToString("N");
        await directory.AddStreamAsync(new StreamRequest(name, File: id), default);
        await directory.AddStreamAsync(new StreamRequest(name + "-lost", "rtsp://127.0.0.1:9/none"), default);
        StreamDocument film = await _machine.UntilAsync(name, stream => stream.State == StreamState.Ended);
        var (_, answer, _) = await _machine.AskAsync(new AskRequest([SourceName.Stream(name)], "what?"));
        listener.RecordObservableInstruments();

        Assert.Equal(film.Frames.Decoded, Value("streaming_frames_total", "stage=decoded"));
        Assert.Equal(film.Frames.Sampled, Value("streaming_frames_total", "stage=sampled"));
        Assert.Equal(film.Frames.Kept, Value("streaming_frames_total", "stage=kept"));
        Assert.Equal(0, Value("streaming_frames_dropped_total", "stage=select,reason=late"));
        Assert.Equal(film.VisualTokens.In, Value("streaming_visual_tokens_total", "stage=in"));
        Assert.Equal(film.VisualTokens.Kept, Value("streaming_visual_tokens_total", "stage=kept"));
        Assert.Equal(film.VisualTokens.Remembered, Value("streaming_memory_tokens"));
        Assert.Equal(film.MemoryBytes, Value("streaming_memory_bytes"));
        Assert.Equal(0, Value("streaming_stream_up"));
        Assert.Equal(0, Value("streaming_stream_expected"));
        Assert.Equal(1, _values[$"streaming_stream_expected stream={name}-lost"]);
        Assert.Equal(answer!.Usage.PromptTokens, Value("streaming_prompt_tokens_total", "outcome=read") + Value("streaming_prompt_tokens_total", "outcome=cached"));
        Assert.True(Value("streaming_chunk_e2e_seconds") >= 0);
        Assert.True(Value("streaming_answer_seconds", "stage=first_token") >= 0);
        Assert.True(Value("streaming_answer_seconds", "stage=total") >= 0);

        double Value(string instrument, string labels = "") => _values[$"{instrument} stream={name}{(labels.Length > 0 ? "," : "")}{labels}"];
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _machine.DisposeAsync().AsTask();

    private void Record(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        _values[$"{instrument.Name} {string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))}"] = value;
    }
}
