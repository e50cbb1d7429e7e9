using System.Text.Json;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>A stream as it is told.</summary>
internal sealed partial class LocalStream
{
    internal StreamDocument Document()
    {
        StreamDeclaration declared = _declaration;
        StreamStanding standing = Standing;
        StreamAccount account = _stream.Account;
        VideoFacts? facts = _stream.Facts;
        MemorySnapshot memory = _stream.Memory;
        return new StreamDocument(
            declared.Name, Shown(declared.Url), declared.File, Shown(declared.SubUrl), StateOf(standing.Phase), At(TimeSpan.Zero), declared.TimeZone,
            declared.Decode, declared.Sampling, declared.Sampling * _stream.Share.Share, _stream.FrameAge?.TotalSeconds, (_stream.Lag + _timeline.Lateness)?.TotalSeconds,
            standing.Reconnects, facts?.Codec, facts?.Width, facts?.Height,
            new StreamFrames(account.Decoded, account.Sampled, account.Dropped + account.Lost, account.Kept, account.Unreadable, account.Reused),
            new StreamTokens(account.TokensIn, account.TokensKept, memory.Tokens), memory.SizeBytes, standing.LastError, Notes(),
            Reducer.Name, Reducer.HasBudget ? Reducer.RetainRatio : null, FrameAccounts.Word(_stream.Evidence), PerceptionNow, declared.Zones ?? [],
            _archive.Stored.Until is { } until ? At(until) : null, standing.Failure is { } failure ? JsonNamingPolicy.SnakeCaseLower.ConvertName($"{failure}") : null, declared.TimeoutSeconds,
            _ledger.Until is { } noted ? At(noted) : null,
            new PicturesDocument(Pictures.Kept, Pictures.Bytes, new DeletedPictures(Pictures.Deleted.Age, Pictures.Deleted.Number, Pictures.Deleted.Size, Pictures.Deleted.Disk)), TranscriptNow);
    }

    internal StreamObservation Observe()
    {
        MemorySnapshot memory = _stream.Memory;
        StreamStanding standing = Standing;
        return new StreamObservation(
            Name, standing.Phase, _stream.Account, standing.Reconnects, _stream.FrameAge, _stream.Lag + _timeline.Lateness, memory.Tokens, memory.SizeBytes, _stream.Share.Share, _perception,
            _archive.Stored.Unstored, _archive.Stored.Failures, _scribe?.Account ?? default)
        {
            PicturesDeleted = [("age", Pictures.Deleted.Age), ("number", Pictures.Deleted.Number), ("size", Pictures.Deleted.Size), ("disk", Pictures.Deleted.Disk)],
        };
    }

    private List<string> Notes()
    {
        var notes = new List<string>();
        if (IsTaken)
            notes.Add("another server runs this stream, so that it ended here");
        if (_stream.Share.Share < 1)
            notes.Add(FormattableString.Invariant($"the machine is too small for all streams: {_stream.Share.Share:0.##} of the sampling asked for"));
        if (_stream.IntraOnly && _declaration.Decode == DecodeMode.All)
            notes.Add("the machine is too small to decode all frames of all streams: only intra frames are decoded");
        if (_system.Model.Queue.Trouble is { } trouble)
            notes.Add($"{trouble}; keyframes are lost until it is well again");
        if (_addresses.Trouble is { } lost)
            notes.Add($"url is read, because sub_url does not work: {lost}");
        if (_archive.Problem is { } problem)
            notes.Add(problem);
        if (_archive.Stored is { Since: { } since, Problem: { } why } stored)
            notes.Add(FormattableString.Invariant($"memory: not durable since {TimeZoneInfo.ConvertTime(since, Zone):yyyy-MM-ddTHH:mm:sszzz}, {stored.Unstored} keyframes so far: {why}"));
        if (_ledger.Trouble is { } unstored)
            notes.Add(FormattableString.Invariant($"notes: not durable since {TimeZoneInfo.ConvertTime(unstored.Since, Zone):yyyy-MM-ddTHH:mm:sszzz}: {unstored.Problem}"));
        if (_perception?.Problem is { } blind)
            notes.Add(blind);
        if (_speech?.Problem is { } deaf)
            notes.Add(deaf);
        return notes;
    }

    private PerceptionState PerceptionNow =>
        _perception is null ? PerceptionState.Off : _perception.Problem is null ? PerceptionState.On : PerceptionState.Failed;

    private TranscriptState TranscriptNow => _speech is null ? TranscriptState.Off : _speech.Problem is null ? TranscriptState.On : TranscriptState.Failed;

    private static string? Shown(string? address) => address is null ? null : new CameraSource(address).Name;

    private static StreamState StateOf(StreamPhase phase) => phase switch
    {
        StreamPhase.Connecting => StreamState.Connecting,
        StreamPhase.Running => StreamState.Running,
        StreamPhase.Retrying => StreamState.Retrying,
        StreamPhase.Ended => StreamState.Ended,
        StreamPhase.Failed => StreamState.Failed,
        _ => StreamState.Stopped,
    };
}
