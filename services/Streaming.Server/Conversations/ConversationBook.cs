using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Server.Store;

namespace Streaming.Server.Conversations;

/// <summary>
/// The turns of all conversations of this machine, and what their users said about each source, in the memory store as lines. Bounded: of
/// each conversation the newest turns, of all conversations those that were used last. Any thread may call.
/// </summary>
/// <param name="store">Owned by the book.</param>
public sealed class ConversationBook(IMemoryStore store, LineJournalOptions options) : IConversations, IAsyncDisposable
{
    private const string TurnWord = "turn ", SaidWord = "said ";

    /// <summary>Turns that are kept of a conversation: MMRC's longest have 22.</summary>
    public const int MostTurns = 32;

    /// <summary>Conversations that are kept; with the longest questions and answers 60 MB, as people write a hundredth of it.</summary>
    public const int MostConversations = 200;

    /// <summary>Sources of which it is kept what was said about them.</summary>
    private const int MostSources = 1000;

    private readonly Lock _gate = new();
    private readonly Dictionary<ConversationName, Talk> _talks = [];
    private readonly Dictionary<SourceName, Notebook> _said = [];
    private LineJournal? _journal;
    private long _uses;

    /// <param name="Line">As it is stored.</param>
    private readonly record struct Kept(TurnDocument Turn, string Line);

    private sealed record Talk(ConversationName Name)
    {
        public List<Kept> Turns { get; } = [];

        public long LastUse { get; set; }
    }

    /// <summary>Goes on with the conversations of earlier runs.</summary>
    /// <exception cref="StoreException">What they left cannot be read now.</exception>
    public async Task OpenAsync()
    {
        LineJournal journal = await LineJournal.OpenAsync(store, options).ConfigureAwait(false);
        foreach (string line in journal.Past)
            Read(line);
        journal.Begin(Lines);
        _journal = journal;
    }

    /// <summary>Completes once all turns are durable; false: the store does not take them now.</summary>
    internal Task<bool> StoreAsync() => _journal?.FlushAsync() ?? Task.FromResult(false);

    public ValueTask DisposeAsync() => _journal?.DisposeAsync() ?? store.DisposeAsync();

    public Task<ConversationDocument> FindAsync(ConversationName name)
    {
        lock (_gate)
            return Task.FromResult(new ConversationDocument(name.Id, [.. (_talks.GetValueOrDefault(name)?.Turns ?? []).Select(kept => kept.Turn)]));
    }

    public async Task<TurnPlace> AddAsync(ConversationName name, string question, string answer, IReadOnlyList<TurnPart> parts)
    {
        TurnDocument turn;
        lock (_gate)
        {
            Talk talk = Use(name);
            turn = new TurnDocument(talk.Turns is [.., var last] ? last.Turn.Number + 1 : 1, options.Clock.GetUtcNow(), question, answer, parts);
            Add(talk, turn);
        }
        return new TurnPlace(name.Id, turn.Number, await StoreAsync().ConfigureAwait(false));
    }

    public Task SayAsync(SourceName source, TimeSpan at, IReadOnlyList<string> statements)
    {
        lock (_gate)
        {
            if (!_said.TryGetValue(source, out Notebook? book) && _said.Count < MostSources)
                _said[source] = book = new Notebook(new NotebookOptions());
            foreach (string statement in statements)
                book?.Say(at, statement);
        }
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> SaidAsync(SourceName source)
    {
        lock (_gate)
            return Task.FromResult<IReadOnlyList<string>>(_said.TryGetValue(source, out Notebook? book) ? [.. book.Snapshot.Notes.Select(NoteLine.Write)] : []);
    }

    public Task ForgetAsync(ConversationName name)
    {
        lock (_gate)
            _talks.Remove(name);
        _journal?.Ring();
        return Task.CompletedTask;
    }

    public Task ForgetAsync(SourceName source)
    {
        lock (_gate)
        {
            _said.Remove(source);
            foreach (Talk talk in _talks.Values)
                talk.Turns.RemoveAll(kept => kept.Turn.Parts.Any(part => part.Source == source));
        }
        _journal?.Ring();
        return Task.CompletedTask;
    }

    private static void Add(Talk talk, TurnDocument turn)
    {
        var stored = new StoredTurn(talk.Name.Owner, talk.Name.Id, turn);
        talk.Turns.Add(new Kept(turn, TurnWord + JsonSerializer.Serialize(stored, StoredTurnJson.Default.StoredTurn)));
        if (talk.Turns.Count > MostTurns)
            talk.Turns.RemoveAt(0);
    }

    private List<string> Lines()
    {
        lock (_gate)
        {
            return
            [
                .. _talks.Values.OrderBy(talk => talk.LastUse).SelectMany(talk => talk.Turns).Select(kept => kept.Line),
                .. from said in _said
                   from note in said.Value.Snapshot.Notes
                   select $"{SaidWord}{said.Key.Kind} {said.Key.Name} {NoteLine.Write(note)}",
            ];
        }
    }

    /// <summary>A line that cannot be read says nothing.</summary>
    private void Read(string line)
    {
        if (line.StartsWith(TurnWord, StringComparison.Ordinal))
        {
            if (JsonSerializer.Deserialize(line[TurnWord.Length..], StoredTurnJson.Default.StoredTurn) is { Turn: { } turn } stored)
                Add(Use(new ConversationName(stored.Id, stored.Owner)), turn);
        }
        else if (line.Split(' ', 4) is ["said", var kind, var name, var note] && Enum.TryParse(kind, out SourceKind source) && NoteLine.Read(note) is { } said)
        {
            if (!_said.TryGetValue(new SourceName(source, name), out Notebook? book))
                _said[new SourceName(source, name)] = book = new Notebook(new NotebookOptions());
            book.Write([said]);
        }
    }

    private Talk Use(ConversationName name)
    {
        if (!_talks.TryGetValue(name, out Talk? talk))
        {
            if (_talks.Count == MostConversations)
                _talks.Remove(_talks.Values.MinBy(other => other.LastUse)!.Name);
            _talks[name] = talk = new Talk(name);
        }
        talk.LastUse = ++_uses;
        return talk;
    }
}

/// <summary>A turn as it is stored.</summary>
internal sealed record StoredTurn(string Owner, string Id, TurnDocument Turn);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(StoredTurn))]
internal sealed partial class StoredTurnJson : JsonSerializerContext;
