using System.Numerics.Tensors;

namespace Streaming.Compression.HoliTom;

/// <summary>The tokens of some frames on one grid. A view: whoever made it owns the memory.</summary>
/// <param name="features">Row-major [frames, places, hidden].</param>
/// <param name="saliency">[frames, places].</param>
public readonly ref struct TokenVolume(int frames, int places, int hidden, ReadOnlySpan<float> features, ReadOnlySpan<float> saliency)
{
    private readonly ReadOnlySpan<float> _features = Checked(features, (long)frames * places * hidden, nameof(features));
    private readonly ReadOnlySpan<float> _saliency = Checked(saliency, (long)frames * places, nameof(saliency));

    public int Frames { get; } = frames;

    public int Places { get; } = places;

    public int Hidden { get; } = hidden;

    public int Tokens => Frames * Places;

    /// <summary>The features of one token, [hidden].</summary>
    public ReadOnlySpan<float> this[int frame, int place] => _features.Slice((frame * Places + place) * Hidden, Hidden);

    public float Saliency(int frame, int place) => _saliency[frame * Places + place];

    /// <summary>Cosine between a place now and in the next frame; 1 for two zero vectors, which look alike.</summary>
    public float Likeness(int frame, int place) => LikenessOf(this[frame, place], this[frame + 1, place]);

    /// <summary>Cosine between two features; 1 for two zero vectors, which look alike, and 0 for one.</summary>
    internal static float LikenessOf(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        float cosine = TensorPrimitives.CosineSimilarity(a, b);
        return float.IsNaN(cosine) ? (a.SequenceEqual(b) ? 1 : 0) : cosine;
    }

    private static ReadOnlySpan<float> Checked(ReadOnlySpan<float> values, long expected, string name) => values.Length == expected
        ? values
        : throw new ArgumentException($"{name} has {values.Length} values, {expected} are needed", name);
}
