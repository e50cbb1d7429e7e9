using System.Text.Json;
using Streaming.Pipelines;

namespace Streaming.Server.Films;

/// <summary>
/// Films that have been seen, one folder each under the data folder. A folder is written beside its place and moved there when it is
/// complete, so that a reader finds all of a film or nothing, whoever else writes it or dies meanwhile.
/// </summary>
public sealed class FilmStore(string dataFolder)
{
    internal const string FactsName = "film.json", TokensName = "tokens.bin";

    private readonly string _films = Path.Combine(dataFolder, "films");

    /// <summary>The film filed under <paramref name="key"/>; null if there is none.</summary>
    /// <exception cref="InvalidDataException">What is stored is damaged or of another version. It is left as it is.</exception>
    public SeenFilm? Find(string key)
    {
        string folder = Path.Combine(_films, key);
        if (!Directory.Exists(folder))
            return null;
        try
        {
            FilmFacts facts = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(folder, FactsName)), FilmJson.Default.FilmFacts)
                ?? throw new InvalidDataException($"{FactsName} is empty");
            return new SeenFilm(folder, facts, FilmArchive.Read(File.ReadAllBytes(Path.Combine(folder, TokensName))));
        }
        catch (Exception e) when (e is InvalidDataException or JsonException or IOException)
        {
            throw new InvalidDataException($"the stored film in {folder} cannot be read: {e.Message}; delete that folder to read the film anew", e);
        }
    }

    /// <summary>Begins a new film; nothing of it is visible before it is published.</summary>
    /// <param name="observer">Told what the draft is told.</param>
    public FilmDraft Begin(string key, IVideoStreamObserver? observer = null)
    {
        Directory.CreateDirectory(_films);
        return new FilmDraft(Path.Combine(_films, $".{key}.{Guid.NewGuid():N}"), Path.Combine(_films, key), observer);
    }
}
