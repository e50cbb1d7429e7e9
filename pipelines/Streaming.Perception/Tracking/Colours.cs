namespace Streaming.Perception;

/// <summary>The colours that things are called by.</summary>
public enum ColourName : byte { Black, Grey, White, Red, Orange, Yellow, Green, Blue, Purple, Pink, Brown }

/// <summary>Which share of a thing's pixels has which colour. Immutable; the shares of one that is not empty sum to 1.</summary>
public sealed class ColourShares
{
    public const int Count = (int)ColourName.Brown + 1;

    // A vehicle's windows and tyres are black whatever its paint: a fifth of a hue names it.
    private const float EnoughHue = 0.2f;

    private readonly float[] _shares;

    private ColourShares(float[] shares) => _shares = shares;

    /// <summary>Of a thing without pixels.</summary>
    public static ColourShares Empty { get; } = new(new float[Count]);

    public bool IsEmpty => ReferenceEquals(this, Empty);

    public float this[ColourName name] => _shares[(int)name];

    /// <param name="pixels">[<see cref="Count"/>] how many pixels of each colour.</param>
    public static ColourShares Of(ReadOnlySpan<int> pixels)
    {
        int all = 0;
        foreach (int count in pixels)
            all += count;
        if (all == 0)
            return Empty;
        var shares = new float[Count];
        for (int i = 0; i < Count; i++)
            shares[i] = pixels[i] / (float)all;
        return new ColourShares(shares);
    }

    /// <summary>The mean of these shares over <paramref name="weight"/> pictures and one more picture's.</summary>
    public ColourShares Mix(float weight, ColourShares other)
    {
        if (other.IsEmpty || IsEmpty)
            return IsEmpty ? other : this;
        var shares = new float[Count];
        for (int i = 0; i < Count; i++)
            shares[i] = (_shares[i] * weight + other._shares[i]) / (weight + 1);
        return new ColourShares(shares);
    }

    /// <summary>What both share, 0..1; one half where either is unknown.</summary>
    public float Likeness(ColourShares other)
    {
        if (IsEmpty || other.IsEmpty)
            return 0.5f;
        float both = 0;
        for (int i = 0; i < Count; i++)
            both += Math.Min(_shares[i], other._shares[i]);
        return both;
    }

    /// <summary>The colour that a person would name, with its share; null where there are no pixels.</summary>
    /// <param name="hasDarkParts">Black counts only where no hue has a fifth: vehicles.</param>
    public (ColourName Name, float Share)? Dominant(bool hasDarkParts)
    {
        if (IsEmpty)
            return null;
        int hue = Largest(from: (int)ColourName.Red), any = Largest(from: 0);
        bool skipsBlack = hasDarkParts && any == (int)ColourName.Black;
        int best = skipsBlack && _shares[hue] >= EnoughHue ? hue : any;
        return ((ColourName)best, _shares[best]);
    }

    private int Largest(int from)
    {
        int best = from;
        for (int i = from; i < Count; i++)
            best = _shares[i] > _shares[best] ? i : best;
        return best;
    }
}

/// <summary>Names the colour of a pixel.</summary>
public static class Colours
{
    // Shadow and night below, as a share of full brightness.
    private const float Dark = 0.2f;

    // Below this saturation a surface is called grey; sky and shadow tint grey things blue, so blue needs more.
    private const float Tinted = 0.2f, TintedBlue = 0.3f;

    // Between black and white, as a share of full brightness.
    private const float GreyFrom = 0.25f, WhiteFrom = 0.75f;

    // A dark or dull orange is called brown.
    private const float BrownBelow = 0.6f;

    public static ColourName NameOf(byte red, byte green, byte blue)
    {
        int most = Math.Max(red, Math.Max(green, blue)), least = Math.Min(red, Math.Min(green, blue));
        float value = most / 255f, saturation = most == 0 ? 0 : (most - least) / (float)most;
        if (value < Dark)
            return ColourName.Black;
        float hue = most == least ? 0 : Hue(red, green, blue, most, most - least);
        return saturation < (hue is >= 170 and < 270 ? TintedBlue : Tinted)
            ? value < GreyFrom ? ColourName.Black : value < WhiteFrom ? ColourName.Grey : ColourName.White
            : OfHue(hue, value);
    }

    /// <summary>In degrees.</summary>
    private static float Hue(int red, int green, int blue, int most, float span)
    {
        float hue = most == red ? (green - blue) / span : most == green ? 2 + (blue - red) / span : 4 + (red - green) / span;
        return hue < 0 ? hue * 60 + 360 : hue * 60;
    }

    private static ColourName OfHue(float hue, float value) => hue switch
    {
        < 14 or >= 345 => ColourName.Red,
        < 45 => value < BrownBelow ? ColourName.Brown : ColourName.Orange,
        < 70 => ColourName.Yellow,
        < 170 => ColourName.Green,
        < 262 => ColourName.Blue,
        < 300 => ColourName.Purple,
        _ => ColourName.Pink,
    };
}
