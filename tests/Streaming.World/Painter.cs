namespace Streaming.World;

/// <summary>Paints the pictures of one film and says what is to be seen on each.</summary>
public sealed class Painter
{
    private const int Side = Film.Side;

    // Saturated, apart in hue or brightness, and brighter or darker than every background.
    private static readonly float[][] Rgb =
    [
        [208, 40, 38], [44, 160, 60], [42, 80, 215], [238, 220, 50], [240, 138, 30], [146, 60, 180], [242, 242, 242], [70, 210, 225],
    ];

    private readonly Film _film;
    private readonly float[] _backdrop;
    private readonly float[] _canvas = new float[Side * Side * 3];
    private readonly Thing[] _backToFront;
    private readonly float[] _noise = new float[1 << 16];

    public Painter(Film film)
    {
        _film = film;
        _backdrop = BackdropPainter.Paint(film.Backdrop);
        if (film.Panel is { } panel)
            PanelPainter.Paint(panel, _backdrop, BackdropPainter.Width, BackdropPainter.Margin);
        _backToFront = [.. film.Things.OrderByDescending(t => t.Depth)];
        var dice = new Dice(film.Seed ^ 0x5EED);
        for (int i = 0; i < _noise.Length; i++)
            _noise[i] = (float)((dice.Between(-1.0, 1.0) + dice.Between(-1.0, 1.0) + dice.Between(-1.0, 1.0)) * film.Light.Noise);
    }

    /// <summary>Index + 1 of the thing that each pixel of the last picture shows, 0 for the background. [Side, Side].</summary>
    public byte[] Owners { get; } = new byte[Side * Side];

    /// <param name="rgb">Receives the picture, RGB24 [Side, Side, 3].</param>
    public Scene Paint(double seconds, Span<byte> rgb)
    {
        int pan = (int)Math.Round(_film.Backdrop.PanVelocity * seconds);
        CopyBackdrop(pan);
        Owners.AsSpan().Clear();
        foreach (Thing thing in _backToFront)
            PaintThing(thing, seconds, pan);
        Expose(seconds, rgb);
        return new Scene(seconds, _film.Light.IsDark(seconds), PanelVisible(pan), [.. _film.Things.Select(t => See(t, seconds, pan))]);
    }

    private void CopyBackdrop(int pan)
    {
        for (int y = 0; y < Side; y++)
            _backdrop.AsSpan((y * BackdropPainter.Width + BackdropPainter.Margin - pan) * 3, Side * 3).CopyTo(_canvas.AsSpan(y * Side * 3));
    }

    private void PaintThing(Thing thing, double seconds, int pan)
    {
        (int left, int top, Silhouette silhouette) = Place(thing, seconds, pan);
        float[] colour = Rgb[(int)thing.ColourAt(seconds)];
        for (int y = Math.Max(0, -top); y < silhouette.Span && top + y < Side; y++)
        {
            float shade = 1.06f - 0.12f * y / silhouette.Span;
            for (int x = Math.Max(0, -left); x < silhouette.Span && left + x < Side; x++)
            {
                float cover = silhouette.Coverage[y * silhouette.Span + x];
                if (cover == 0)
                    continue;
                int at = (top + y) * Side + left + x;
                for (int c = 0; c < 3; c++)
                    _canvas[at * 3 + c] += cover * (colour[c] * shade - _canvas[at * 3 + c]);
                if (cover >= 0.5f)
                    Owners[at] = (byte)(thing.Id + 1);
            }
        }
    }

    private static (int Left, int Top, Silhouette) Place(Thing thing, double seconds, int pan)
    {
        (double x, double y) = thing.Route.At(seconds);
        var silhouette = Silhouette.Of(thing.Shape, thing.Radius);
        return ((int)Math.Round(x) + pan - thing.Radius - 1, (int)Math.Round(y) - thing.Radius - 1, silhouette);
    }

    private void Expose(double seconds, Span<byte> rgb)
    {
        Light light = _film.Light;
        var dice = new Dice(_film.Seed ^ (ulong)(seconds * 1000 + 1) * 0x9E3779B97F4A7C15UL);
        double level = 1 + light.Drift * Math.Sin(seconds * 0.7 + _film.Seed % 7) + light.Flicker * (dice.Between(-1.0, 1.0) + dice.Between(-1.0, 1.0));
        bool dark = light.IsDark(seconds);
        float gain = (float)(level * (dark ? light.NightLevel : 1)), blue = dark ? 1.12f : 1;
        int start = dice.Below(_noise.Length);
        for (int i = 0; i < rgb.Length; i++)
        {
            float value = _canvas[i] * gain * (i % 3 == 2 ? blue : 1) + _noise[(start + i) & 0xFFFF];
            rgb[i] = (byte)Math.Clamp(value + 0.5f, 0, 255);
        }
    }

    private double PanelVisible(int pan)
    {
        if (_film.Panel is not { } panel)
            return 0;
        int free = 0;
        for (int y = panel.Y; y < panel.Y + Panel.Height; y++)
        {
            for (int x = panel.X + pan; x < panel.X + pan + Panel.Width; x++)
            {
                if (x is >= 0 and < Side && Owners[y * Side + x] == 0)
                    free++;
            }
        }
        return (double)free / (Panel.Width * Panel.Height);
    }

    private Sighting See(Thing thing, double seconds, int pan)
    {
        (double x, double y) = thing.Route.At(seconds);
        byte owner = (byte)(thing.Id + 1);
        double visible = (double)Owners.AsSpan().Count(owner) / Silhouette.Of(thing.Shape, thing.Radius).Area;
        return new Sighting(thing, thing.ColourAt(seconds), x + pan, y, Math.Min(1, visible), thing.Route.MotionAt(seconds));
    }
}
