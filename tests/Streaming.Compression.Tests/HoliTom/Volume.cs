using Streaming.Compression.HoliTom;

namespace Streaming.Compression.Tests.HoliTom;

/// <summary>A volume with scenes: in each, the first places stand still up to noise and the others are new in every frame.</summary>
internal sealed record Volume(int Frames, int Places, int Hidden, float[] Features, float[] Saliency)
{
    public TokenVolume View => new(Frames, Places, Hidden, Features, Saliency);

    /// <param name="scenes">The scene of each frame.</param>
    /// <param name="still">Share of the places that stand still.</param>
    public static Volume Of(int[] scenes, int places, int hidden, double still, float noise, int seed = 12345)
    {
        int size = places * hidden, stillValues = (int)(places * still) * hidden;
        var features = new float[scenes.Length * size];
        for (int frame = 0; frame < scenes.Length; frame++)
        {
            float[] scene = Lcg.Values(seed + 1000L * (scenes[frame] + 1), size), own = Lcg.Values(seed + 7 + 31L * frame, size);
            for (int i = 0; i < size; i++)
                features[frame * size + i] = i < stillValues ? scene[i] + noise * own[i] : own[i];
        }
        float[] saliency = [.. Lcg.Values(777, scenes.Length * places).Select(value => value + 0.5f)];
        return new Volume(scenes.Length, places, hidden, features, saliency);
    }
}
