using System.Text.Json;
using Streaming.Pipelines;

namespace Streaming.Server.Films;

/// <summary>
/// Films that have been seen, one folder each under the data folder. A folder is written beside its place and moved there when it is
/// complete, so that a reader finds all of a film or nothing, whoever else writes it or dies meanwhile. What cannot be read back is
/// dropped: the film itself is the original.
/// </summary>
public sealed class FilmStore(string dataFolder, Action<string>? warn = null)
{
    internal const string FactsName = "film.json", TokensName = "tokens.bin";

    private readonly string _films = Path.Combine(dataFolder, "films");

    /// <summary>The film filed under <paramref name="key"/>; null if there is none, or none that can be read.</summary>
    public SeenFilm? Find(string key)
    {
        string folder = Path.Combine(_films, key);
        if (!Directory.Exists(folder))
            return null;
        try
        {
            FilmFacts facts = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FactsName)), FilmJson.Default.FilmFacts)
                ?? throw new InvalidDataException($"{FactsName} is empty");
            return SeenFilm.Load(folder, facts);
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException)
        {
            if (Directory.Exists(folder))
                warn?.Invoke($"what was kept of a film cannot be read ({e.Message}); the film is read anew");
            Remove(key);
            return null;
        }
    }

    /// <summary>Begins a new film; nothing of it is visible before it is published.</summary>
    /// <param name="observer">Told what the draft is told.</param>
    public FilmDraft Begin(string key, int hidden, IVideoStreamObserver? observer = null) =>
        new(Directory.CreateDirectory(Path.Combine(_films, $".{key}.{Guid.NewGuid():N}")).FullName, Path.Combine(_films, key), hidden, observer);

    /// <summary>Goes on with a film whose reading was interrupted, or begins it so that it can be gone on with. One process at a time may.</summary>
    public FilmDraft Resume(string key, int hidden) =>
        new(Directory.CreateDirectory(PartOf(key)).FullName, Path.Combine(_films, key), hidden, null);

    /// <summary>Where an interrupted reading of a film lies, if there was one.</summary>
    public string PartOf(string key) => Path.Combine(_films, $".{key}.part");

    /// <summary>Forgets a film, also one that was begun.</summary>
    public void Remove(string key)
    {
        foreach (string folder in new[] { Path.Combine(_films, key), PartOf(key) })
        {
            string doomed = Path.Combine(_films, $".removed.{Guid.NewGuid():N}");
            try
            {
                Directory.Move(folder, doomed);
                Directory.Delete(doomed, recursive: true);
            }
            catch (DirectoryNotFoundException)
            {
                // There is none, or somebody else was faster.
            }
        }
    }
}
