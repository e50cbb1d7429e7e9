using Streaming.Models.Speech;

namespace Streaming.Models.Tests.Speech;

public sealed class SoundResamplerTests
{
    private const int Target = 16_000;

    [Theory]
    [InlineData(8_000, 440)]
    [InlineData(11_025, 440)]
    [InlineData(44_100, 440)]
    [InlineData(44_100, 5_000)]
    [InlineData(48_000, 100)]
    [InlineData(48_000, 6_000)]
    public void Add_of_a_tone_gives_the_tone(int rate, double hertz)
    {
        float[] made = new SoundResampler(rate, Target).Add(Tone(rate, hertz));
        Assert.InRange(made.Length, Target - 400, Target);
        for (int i = 400; i < made.Length - 400; i++)
            Assert.Equal(Math.Sin(2 * Math.PI * hertz * i / Target), made[i], 0.01);
    }

    [Fact]
    public void Add_of_a_tone_above_the_band_gives_silence()
    {
        float[] made = new SoundResampler(48_000, Target).Add(Tone(48_000, 12_000));
        Assert.All(made[400..^400], value => Assert.InRange(value, -0.01f, 0.01f));
    }

    [Theory]
    [InlineData(48_000, 480)]
    [InlineData(44_100, 1)]
    [InlineData(8_000, 160)]
    [InlineData(16_000, 100)]
    public void Add_in_pieces_gives_what_the_whole_gives(int rate, int piece)
    {
        float[] tone = Tone(rate, 300);
        var pieces = new SoundResampler(rate, Target);
        Assert.Equal(new SoundResampler(rate, Target).Add(tone), tone.Chunk(piece).SelectMany(some => pieces.Add(some)));
    }

    private static float[] Tone(int rate, double hertz) => [.. Enumerable.Range(0, rate).Select(i => (float)Math.Sin(2 * Math.PI * hertz * i / rate))];
}
