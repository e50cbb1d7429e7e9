namespace Streaming.Contracts;

/// <summary>What the model read of one source's pictures to write an answer.</summary>
/// <param name="Source">Path of the stream or file.</param>
/// <param name="Rows">Of the grid of places that lies evenly over the whole picture; the encoder makes one token at each.</param>
/// <param name="Frames">In order of time: those of which at least one token was read.</param>
public sealed record SightDocument(string Source, int Rows, int Columns, IReadOnlyList<SightFrame> Frames);

/// <summary>
/// The tokens of one frame that were read. A place without a token looks as in the frames before; where none of those has a token there
/// either, nothing of it was read.
/// </summary>
/// <param name="Seconds">Since the start of the stream or film.</param>
/// <param name="At">The same as a moment; null for a film.</param>
/// <param name="Picture">Path of its JPEG; null where it is no longer kept.</param>
/// <param name="Places">Of each token, counted row by row from the upper left corner: row * columns + column.</param>
/// <param name="Weights">How many of the encoder's tokens each stands for: 1 as it was seen, more where several were merged.</param>
public sealed record SightFrame(double Seconds, DateTimeOffset? At, string? Picture, IReadOnlyList<int> Places, IReadOnlyList<double> Weights);
