namespace Streaming.Models;

/// <summary>A language model that tells how it reads words: as rows of the same width and space as its visual tokens. Calls may come from any thread.</summary>
public interface ITextEmbedder
{
    /// <summary>Whether its rows lie where the visual tokens lie that show the words; else they only stand in the same space.</summary>
    bool KnowsLooks { get; }

    /// <summary>One row for each token of a text, [tokens, hidden]; zeros where no visual token looks like it; empty for an empty text.</summary>
    Task<float[]> EmbedAsync(string text, CancellationToken cancellation = default);
}
