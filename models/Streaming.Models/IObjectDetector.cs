namespace Streaming.Models;

/// <summary>Finds things of known classes in pictures.</summary>
public interface IObjectDetector : IDisposable
{
    /// <summary>How a picture is put into the network's input.</summary>
    Letterbox Input { get; }

    /// <summary>The names of the classes that it knows.</summary>
    IReadOnlyList<string> Labels { get; }

    /// <param name="pixels">[pictures, 3, <see cref="Letterbox.Side"/>, <see cref="Letterbox.Side"/>], as <see cref="Letterbox.Fill"/> fills them.</param>
    /// <param name="pictures">How many; at least 1.</param>
    /// <returns>For each picture what was found, the surest first, also what is hardly sure; boxes are shares of the network's square.</returns>
    IReadOnlyList<IReadOnlyList<Detection>> Detect(ReadOnlySpan<float> pixels, int pictures);
}
