namespace Streaming.World;

/// <summary>What is to be seen of the world at one moment: the ground truth of a sample.</summary>
public sealed record Scene(double Seconds, bool IsDark, double PanelVisible, IReadOnlyList<Sighting> Things);

/// <summary>A thing at one moment.</summary>
/// <param name="Visible">Share of the thing's area that is in the picture and not hidden behind another thing.</param>
public sealed record Sighting(Thing Thing, Colour Colour, double X, double Y, double Visible, Motion Motion);
