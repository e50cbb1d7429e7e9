using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text.Json;

namespace Streaming.Faults;

/// <summary>What a server has acknowledged, and whether it still knows.</summary>
internal sealed class Ledger
{
    /// <summary>So many of the newest keyframes are asked for: older ones may have been let go of.</summary>
    private const int MostKeyframes = 300;

    private readonly ConcurrentDictionary<string, long> _uploads = new();
    private readonly ConcurrentDictionary<string, bool> _files = new(), _events = new(), _notes = new();
    private readonly ConcurrentDictionary<int, bool> _keyframes = new();

    /// <summary>Notes that were told, and when: they are durable once notes were stored after that.</summary>
    private readonly Dictionary<string, DateTimeOffset> _told = [];

    public int Count => _uploads.Count + _files.Count + _events.Count + _notes.Count + _keyframes.Count;

    public void Upload(string path, long offset) => _uploads[path] = offset;

    /// <summary>An upload has become a film, and may be forgotten as an upload.</summary>
    public void Filed(string upload, string file)
    {
        _files[file] = true;
        _uploads.TryRemove(upload, out _);
    }

    public void Event(string id, bool isAcknowledged) => _events.AddOrUpdate(id, isAcknowledged, (_, before) => before || isAcknowledged);

    public bool IsUpload(string path) => _uploads.ContainsKey(path);

    /// <summary>An event that nobody took notice of yet; null: there is none.</summary>
    public string? AnyOpenEvent() => _events.FirstOrDefault(made => !made.Value).Key;

    public void Keyframes(JsonElement list, DateTimeOffset durableUntil)
    {
        foreach (JsonElement keyframe in list.GetProperty("keyframes").EnumerateArray())
        {
            if (keyframe.GetProperty("at").GetDateTimeOffset() <= durableUntil)
                _keyframes[keyframe.GetProperty("number").GetInt32()] = true;
        }
    }

    /// <summary>A note about a moment may be made long after it, so it is not by its moment that it is durable. One caller at a time.</summary>
    public void Notes(JsonElement list, DateTimeOffset durableUntil)
    {
        foreach (string name in _told.Where(told => told.Value <= durableUntil).Select(told => told.Key))
            _notes[name] = true;
        foreach (JsonElement note in list.GetProperty("events").EnumerateArray())
            _told.TryAdd(NameOf(note), DateTimeOffset.UtcNow);
    }

    /// <summary>The server was killed: what it told and had not stored may be gone, and come again by another name.</summary>
    public void ForgetTold() => _told.Clear();

    /// <summary>What of it the server no longer knows, in words. What was found missing is not told again.</summary>
    public async Task<IReadOnlyList<string>> MissingAsync(ServedProgram server)
    {
        var missing = new List<string>();
        foreach (var (path, offset) in _uploads)
        {
            if (await OffsetAsync(server, path) is not { } now || now < offset)
                Miss(_uploads, path, $"bytes up to {offset} of {path}");
        }
        foreach (string path in _files.Keys)
        {
            using HttpResponseMessage found = await server.Client.GetAsync(path);
            if (found.StatusCode != HttpStatusCode.OK)
                Miss(_files, path, path);
        }
        JsonElement stream = await server.GetAsync("/v1/streams/gate/keyframes?most=1000");
        HashSet<int> keyframes = [.. stream.GetProperty("keyframes").EnumerateArray().Select(keyframe => keyframe.GetProperty("number").GetInt32())];
        foreach (int number in _keyframes.Keys.OrderDescending().Take(MostKeyframes).Where(number => !keyframes.Contains(number)))
            Miss(_keyframes, number, $"keyframe {number}");
        await MissEventsAsync();
        await MissNotesAsync();
        return missing;

        async Task MissEventsAsync()
        {
            JsonElement list = await server.GetAsync("/v1/events?stream=gate&most=1000");
            Dictionary<string, bool> events = list.GetProperty("events").EnumerateArray()
                .ToDictionary(made => made.GetProperty("id").GetString()!, made => made.GetProperty("acknowledged").ValueKind == JsonValueKind.Object);
            foreach (var (id, isAcknowledged) in _events.OrderByDescending(made => long.Parse(made.Key, CultureInfo.InvariantCulture)).Take(MostKeyframes))
            {
                if (!events.TryGetValue(id, out bool known) || (isAcknowledged && !known))
                    Miss(_events, id, $"event {id}{(isAcknowledged ? " or that it was acknowledged" : "")}");
            }
        }

        async Task MissNotesAsync()
        {
            if (_notes.IsEmpty)
                return;
            HashSet<string> notes = await NotesOfAsync(server);
            foreach (string note in _notes.Keys.Where(note => !notes.Contains(note)))
                Miss(_notes, note, $"note {note}");
        }

        void Miss<TKey, TValue>(ConcurrentDictionary<TKey, TValue> of, TKey key, string words)
            where TKey : notnull
        {
            of.TryRemove(key, out _);
            missing.Add(words);
        }
    }

    /// <summary>All that the stream noted, the newest first: a list has a thousand at most.</summary>
    private static async Task<HashSet<string>> NotesOfAsync(ServedProgram server)
    {
        const int most = 1000;
        var notes = new HashSet<string>();
        for (double until = double.PositiveInfinity; ;)
        {
            string before = double.IsFinite(until) ? string.Create(CultureInfo.InvariantCulture, $"&to={until + 0.001:0.000}") : "";
            JsonElement[] list = [.. (await server.GetAsync($"/v1/streams/gate/events?most={most}{before}")).GetProperty("events").EnumerateArray()];
            notes.UnionWith(list.Select(NameOf));
            double earliest = list.Select(note => note.GetProperty("start_seconds").GetDouble()).DefaultIfEmpty().Min();
            if (list.Length < most || earliest >= until)
                return notes;
            until = earliest;
        }
    }

    private static string NameOf(JsonElement note) => string.Create(CultureInfo.InvariantCulture,
        $"{note.GetProperty("kind").GetString()} {note.GetProperty("start_seconds").GetDouble():0.0} {note.GetProperty("class").GetString()} {note.GetProperty("number")}");

    private static async Task<long?> OffsetAsync(ServedProgram server, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Head, path);
        request.Headers.Add("Tus-Resumable", "1.0.0");
        using HttpResponseMessage found = await server.Client.SendAsync(request);
        return found.StatusCode == HttpStatusCode.OK ? long.Parse(found.Headers.GetValues("Upload-Offset").Single(), CultureInfo.InvariantCulture) : null;
    }
}
