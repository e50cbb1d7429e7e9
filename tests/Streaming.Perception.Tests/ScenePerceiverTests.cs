using Streaming.Models;

namespace Streaming.Perception.Tests;

public sealed class ScenePerceiverTests
{
    private const int Width = 320, Height = 180;

    private readonly Notebook _book = new(new NotebookOptions());
    private readonly HeatMap _heat = new();
    private readonly ScenePerceiver _perceiver;
    private int _looks, _wanted;

    public ScenePerceiverTests() => _perceiver = new ScenePerceiver(new PerceptionOptions(), [], _book, _heat);

    [Fact]
    public void Picture_that_rests_is_looked_at_closely_only_at_first_and_then_rarely()
    {
        Play(60, t => Pictures.Noisy(Scene(), 6, (int)(t * 5)));
        Assert.InRange(_wanted, 5, 16);
        Assert.Equal(300, _looks);
        Assert.Empty(_book.Snapshot.Totals);
    }

    [Fact]
    public void Square_that_moves_without_a_detector_is_a_thing_with_times_and_ways()
    {
        Play(20, t => Scene(t < 6 ? null : (int)(-40 + 40 * (t - 6))));
        ClassTotal thing = Assert.Single(_book.Snapshot.Totals).Value;
        Assert.Equal((TrackerOptions.Unnamed, 1, 0, 1), (thing.Label, thing.SoFar, thing.Now, thing.AtMost));
        Note enter = _book.Snapshot.Notes.Single(note => note.Fact.Kind == FactKind.Enter);
        Assert.Equal("left going right", enter.Fact.Detail);
        Assert.InRange(enter.From.TotalSeconds, 6, 7);
        Note visit = _book.Snapshot.Notes.Single(note => note.Fact.Kind == FactKind.Visit);
        Assert.StartsWith("red ", visit.Fact.Detail, StringComparison.Ordinal);
        Assert.InRange(visit.To.TotalSeconds, 13.5, 15);
        Assert.InRange(_heat.Seconds().Sum(), 6, 9);
    }

    [Fact]
    public void Detection_of_what_moves_names_it_and_is_counted_once()
    {
        Play(20, t => Scene(t < 6 ? null : (int)(-40 + 40 * (t - 6))), t =>
        {
            Box box = new Box((float)(-40 + 40 * (t - 6)) / Width, 80f / Height, (float)(40 * (t - 6)) / Width, 120f / Height).InPicture();
            return t >= 6 && box.Width > 0.02f ? [new Detection(box, "car", 0.6f)] : [];
        });
        Assert.Equal(["car"], _book.Snapshot.Totals.Keys);
        Assert.Equal(1, _book.Snapshot.Totals["car"].SoFar);
    }

    [Fact]
    public void Cut_ends_what_was_in_view_and_is_noted()
    {
        Play(10, t => t < 5 ? Scene((int)(40 * t)) : Stripes(), t =>
            t < 5 ? [new Detection(new Box((float)(40 * t / Width), 80f / Height, (float)(40 * t + 40) / Width, 120f / Height), "car", 0.6f)] : []);
        Note cut = _book.Snapshot.Notes.Single(note => note.Fact.Kind == FactKind.Cut);
        Assert.Equal(Notes.At(5), cut.From);
        Assert.Equal(0, _book.Snapshot.Totals["car"].Now);
        Assert.DoesNotContain(_book.Snapshot.Notes, note => note.Fact.Kind == FactKind.Leave);
    }

    [Fact]
    public void Lamp_that_is_switched_is_neither_a_cut_nor_a_thing()
    {
        Play(20, t => Pictures.Noisy([.. Scene().Select(value => (byte)(t < 10 ? value : value + 60))], 3, (int)(t * 5)));
        Assert.Empty(_book.Snapshot.Notes);
    }

    private void Play(double seconds, Func<double, byte[]> picture, Func<double, IReadOnlyList<Detection>>? detect = null)
    {
        for (int look = 0; look < seconds * 5; look++)
        {
            double time = look * 0.2;
            byte[] rgb = picture(time);
            _looks++;
            if (_perceiver.Look(rgb, Width, Height, Notes.At(time)))
            {
                _wanted++;
                _perceiver.Observe(rgb, Width, Height, Notes.At(time), detect?.Invoke(time) ?? []);
            }
            else
            {
                _perceiver.Rest(Notes.At(time));
            }
        }
        _perceiver.End();
    }

    private static byte[] Stripes()
    {
        byte[] rgb = Pictures.Plain(Width, Height, 20, 40, 60);
        for (int left = 0; left < Width; left += 80)
            Pictures.Paint(rgb, Width, left, 0, left + 40, Height, 240, 240, 220);
        return rgb;
    }

    /// <summary>A grey wall with a darker floor and, at a place, a red square of 40 pixels.</summary>
    private static byte[] Scene(int? left = null)
    {
        byte[] rgb = Pictures.Plain(Width, Height, 140, 140, 135);
        Pictures.Paint(rgb, Width, 0, 120, Width, Height, 90, 95, 90);
        if (left is { } x)
            Pictures.Paint(rgb, Width, x, 80, x + 40, 120, 200, 30, 30);
        return rgb;
    }
}
