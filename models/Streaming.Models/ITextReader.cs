namespace Streaming.Models;

/// <summary>Reads words in pictures.</summary>
public interface ITextReader : IDisposable
{
    /// <param name="rgb">RGB24 [height, width, 3].</param>
    /// <returns>The lines from top to bottom; boxes are shares of the picture.</returns>
    IReadOnlyList<TextLine> Read(ReadOnlySpan<byte> rgb, int width, int height);
}

/// <summary>A line of text in a picture.</summary>
/// <param name="Score">Mean probability of its characters, 0..1.</param>
public sealed record TextLine(Box Box, string Text, float Score);
