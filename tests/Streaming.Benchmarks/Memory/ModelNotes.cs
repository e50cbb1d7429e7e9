using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Perception;
using Streaming.Pipelines;

namespace Streaming.Benchmarks.Memory;

/// <summary>What the model notes by itself of each film of a reel, clip by clip, as it does of a stream; and the notebook of a day that is put together of them.</summary>
internal sealed class ModelNotes
{
    private readonly Notebook _book = new(new NotebookOptions());
    private readonly Dictionary<Shot, IReadOnlyList<Note>> _ofFilm;

    private ModelNotes(Dictionary<Shot, IReadOnlyList<Note>> ofFilm) => _ofFilm = ofFilm;

    public NotebookSnapshot Book => _book.Snapshot;

    public static async Task<ModelNotes> WriteAsync(Answering answering, IReadOnlyList<Shot> reel)
    {
        var ofFilm = new Dictionary<Shot, IReadOnlyList<Note>>(ReferenceEqualityComparer.Instance);
        foreach (Shot shot in reel)
        {
            var notes = new List<Note>();
            var memory = new StreamMemory(new MemoryOptions());
            foreach (MemoryEntry entry in shot.Kept)
                memory.Write(entry);
            foreach (MemoryClip clip in memory.Snapshot.Clips)
                await WriteAsync(answering, clip, memory.Snapshot, notes.AddRange);
            ofFilm[shot] = notes;
        }
        return new ModelNotes(ofFilm);
    }

    /// <summary>A film has been played that began then.</summary>
    public void Played(Shot shot, TimeSpan start) => _book.Write(_ofFilm[shot].Select(note => new Note(start + note.From, start + note.To, note.Source, note.Sure, note.Fact)));

    /// <summary>One clip at a time, so that none is left out.</summary>
    private static async Task WriteAsync(Answering answering, MemoryClip clip, MemorySnapshot memory, Action<IReadOnlyList<Note>> write)
    {
        var written = new TaskCompletionSource();
        await using var scribe = new ClipScribe(answering, notes =>
        {
            write(notes);
            written.SetResult();
        });
        scribe.Offer(clip, memory);
        await written.Task.WaitAsync(TimeSpan.FromMinutes(1));
    }
}
