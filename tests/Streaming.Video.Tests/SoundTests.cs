using System.Buffers.Binary;

namespace Streaming.Video.Tests;

/// <summary>Sound beside the pictures, of films made by the ffmpeg program: a tone of 440 Hz in the left channel.</summary>
public class SoundTests
{
    private const int Rate = 16_000;

    [Theory]
    [InlineData("mp4", "-c:a aac", 44_100)]
    [InlineData("mkv", "-c:a libopus", 48_000)]
    [InlineData("mkv", "-c:a flac", 48_000)]
    [InlineData("mkv", "-c:a pcm_s16le", 8_000)]
    [InlineData("avi", "-c:a pcm_mulaw", 8_000)]
    [InlineData("ts", "-c:a ac3", 48_000)]
    public async Task Sounds_of_a_film_are_the_tone_at_its_time(string container, string codec, int rate)
    {
        string film = Film($"tone-{rate}-{codec[5..]}.{container}", codec, rate, "");
        var (sounds, frames) = await ListenAsync(film, new DecodeRequest { Sound = true });
        Assert.Equal(8, frames);
        AssertGapless(sounds);
        float[] samples = Samples(sounds);
        Assert.InRange(sounds[0].Time.TotalSeconds, -0.1, 0.3);
        Assert.InRange(samples.Length / (double)Rate, 3.6, 4.2);
        Assert.InRange(Hertz(samples), 435, 445);
        Assert.InRange(samples.Max(), 0.04f, 0.09f); // an eighth of full scale in one channel of two
    }

    [Fact]
    public async Task Sounds_that_begin_later_than_the_pictures_say_so()
    {
        string film = Film("late-sound.mkv", "-c:a pcm_s16le", 16_000, "-itsoffset 1.5 ");
        var (sounds, _) = await ListenAsync(film, new DecodeRequest { Sound = true });
        Assert.Equal(1.5, sounds[0].Time.TotalSeconds, 0.1);
    }

    [Fact]
    public async Task Sounds_from_a_later_moment_begin_there()
    {
        string film = Film("from.mp4", "-c:a aac", 44_100, "");
        var (sounds, _) = await ListenAsync(film, new DecodeRequest { Sound = true, From = TimeSpan.FromSeconds(2) });
        Assert.InRange(sounds[0].Time.TotalSeconds, -0.1, 2.1);
        Assert.InRange((sounds[^1].Time.TotalSeconds * Rate) + sounds[^1].Samples.Length, 3.6 * Rate, 4.2 * Rate);
        AssertGapless(sounds);
    }

    [Fact]
    public async Task Sounds_that_nobody_asked_for_do_not_come()
    {
        string film = Film("unasked.mp4", "-c:a aac", 44_100, "");
        var (sounds, frames) = await ListenAsync(film, new DecodeRequest());
        Assert.Empty(sounds);
        Assert.Equal(8, frames);
    }

    [Fact]
    public async Task Sounds_of_a_silent_film_are_none_and_its_pictures_come()
    {
        var (sounds, frames) = await ListenAsync(Clips.Moving("mute.mp4", "-c:v libx264 -preset ultrafast"), new DecodeRequest { Sound = true });
        Assert.Empty(sounds);
        Assert.Equal(8, frames);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public async Task Sounds_whose_rate_is_a_lie_are_not_heard_and_the_pictures_come(int rate)
    {
        byte[] film = File.ReadAllBytes(Film("rate-host.avi", "-c:a pcm_s16le", 48_000, ""));
        int sound = film.AsSpan().IndexOf("auds"u8), format = sound + film.AsSpan(sound).IndexOf("strf"u8) + 8;
        BinaryPrimitives.WriteInt32LittleEndian(film.AsSpan(format + 4), rate);
        var (sounds, frames) = await ListenAsync(Clips.Bytes($"rate-{rate}.avi", film), new DecodeRequest { Sound = true });
        Assert.Empty(sounds);
        Assert.Equal(8, frames);
    }

    private static string Film(string name, string codec, int rate, string before) => Clips.Make(
        name,
        $"-f lavfi -i testsrc2=s=160x120:r=25/2 {before}-f lavfi -i sine=frequency=440:sample_rate={rate} -t 4 -af pan=stereo|c0=c0 -map 0:v -map 1:a -pix_fmt yuv420p -c:v libx264 -preset ultrafast {codec}");

    private static async Task<(List<Sound> Sounds, int Frames)> ListenAsync(string film, DecodeRequest request)
    {
        await using var session = Decoding.Decoder().Open(new FileSource(film), request);
        var sounds = new List<Sound>();
        Task listening = Task.Run(async () =>
        {
            await foreach (Sound sound in session.Sounds())
                sounds.Add(sound);
        });
        int frames = 0;
        await foreach (var frame in session.Frames())
        {
            frame.Dispose();
            frames++;
        }
        await listening;
        Assert.Null((await session.Completion).Failure);
        return (sounds, frames);
    }

    private static void AssertGapless(List<Sound> sounds)
    {
        foreach (var (before, after) in sounds.Zip(sounds.Skip(1)))
            Assert.Equal(before.Time.TotalSeconds + (before.Samples.Length / (double)Rate), after.Time.TotalSeconds, 0.001);
    }

    private static float[] Samples(List<Sound> sounds) => [.. sounds.SelectMany(sound => sound.Samples.ToArray()).Select(sample => sample / 32768f)];

    /// <summary>Half the changes of sign in a second.</summary>
    private static double Hertz(float[] samples)
    {
        float[] middle = samples[Rate..^Rate];
        return middle.Zip(middle.Skip(1)).Count(pair => (pair.First < 0) != (pair.Second < 0)) / 2.0 / middle.Length * Rate;
    }
}
