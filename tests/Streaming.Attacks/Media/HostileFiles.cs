using System.Text;

namespace Streaming.Attacks.Media;

/// <summary>A file that means harm.</summary>
/// <param name="Name">As it is uploaded.</param>
/// <param name="Kind">What it tries, in a word or two.</param>
public sealed record HostileFile(string Name, string Kind, byte[] Bytes)
{
    public override string ToString() => $"{Kind}: {string.Concat(Name.Select(c => char.IsControl(c) ? '?' : c))[..Math.Min(60, Name.Length)]} ({Bytes.Length} bytes)";
}

/// <summary>What such files try to make a server do.</summary>
/// <param name="File">A file of the server's machine that nobody else opens.</param>
/// <param name="Addresses">Where somebody listens on its loopback, with the scheme of each.</param>
public sealed record Bait(string File, IReadOnlyList<string> Addresses);

/// <summary>All hostile files of a seed, in the order of their kinds.</summary>
/// <param name="films">Good ones, one of each container, to begin with; one of them an AVI of MJPEG.</param>
public sealed class HostileFiles(int seed, IReadOnlyList<Film> films, Bait bait)
{
    /// <summary>Of each film.</summary>
    private const int Mutations = 14;

    private static readonly string[] FileNames =
    [
        "../../../../etc/cron.d/x.mp4", "/etc/passwd", "..", ".", "-i", "-f lavfi -i movie=x.mp4", "concat:a.mp4|b.mp4", "subfile,,start,0,end,9,,:x.mp4", "film.mp4;touch x", "$(touch x).mp4", "`id`.mp4", "film%00.mp4", "film\u202e4pm.exe",
        "film\nINFO forged.mp4", "\u001b[31mfilm.mp4", "<script>alert(1)</script>.mp4", "{{7*7}}.mp4", "%s%n%d.mp4", "CON.mp4", "film.mp4:stream", new string('a', 5000) + ".mp4", "\ud83d\ude00\u200d.mp4", "pipe:0", "data:video/mp4;base64,AAAA", "fd:",
    ];

    private static readonly string[] FilmNames = ["film.mp4", "film.mkv", "film.ts", "film.avi", "film.mov", "film.webm"];

    public IEnumerable<HostileFile> All() => [.. Playlists(), .. Names(), .. References(), .. Bombs.All(films), .. NoFilms(), .. Broken()];

    /// <summary>Texts that name something else to read, under names of their own kind and of films.</summary>
    private IEnumerable<HostileFile> Playlists()
    {
        int number = 0;
        string[] targets = [bait.File, "file://" + bait.File, "/etc/passwd", "file:///proc/self/environ", "list.m3u8", .. bait.Addresses];
        foreach (string target in targets)
        {
            foreach (var (kind, name, text) in PlaylistForms.Of(target))
                yield return new HostileFile(++number % 3 == 0 ? FilmNames[number % FilmNames.Length] : name, kind, Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>A good film under names that mean something to shells, file systems, FFmpeg or logs.</summary>
    private IEnumerable<HostileFile> Names()
    {
        byte[] good = films[0].Bytes;
        foreach (string name in (string[])[.. FileNames, bait.Addresses[0], "crypto:" + bait.File])
            yield return new HostileFile(name, "name", good);
    }

    /// <summary>Films that refer to something outside themselves in the ways that containers have for it.</summary>
    private IEnumerable<HostileFile> References()
    {
        foreach (string target in (string[])[bait.File, "file://" + bait.File, .. bait.Addresses])
        {
            foreach (Film film in films)
            {
                if (film.Container is "mp4" or "mov")
                    yield return new HostileFile("reference.mov", "mov data reference", Mp4References.External(film, target));
                else if (film.Container is "avi")
                    yield return new HostileFile("subtitles.avi", "playlist as AVI subtitles", Mp4References.Subtitles(film, $"#EXTM3U\n#EXTINF:1,\n{target}\n#EXT-X-ENDLIST\n"));
            }
        }
    }

    private IEnumerable<HostileFile> NoFilms()
    {
        var noise = new byte[100_000];
        new Random(seed).NextBytes(noise);
        (string Name, byte[] Bytes)[] files =
        [
            ("empty.mp4", []), ("one.mp4", [0]), ("zeros.mp4", new byte[1 << 20]), ("ones.ts", [.. Enumerable.Repeat((byte)0xff, 1 << 20)]), ("sync.ts", [.. Enumerable.Repeat((byte)0x47, 1 << 20)]), ("noise.mkv", noise),
            ("lines.mp4", [.. Enumerable.Repeat((byte)'\n', 1 << 20)]), ("program.mp4", [0x7f, .. "ELF"u8, 2, 1, 1, 0, .. noise[..5000]]), ("setup.avi", [.. "MZ"u8, .. noise[..5000]]),
            ("archive.mkv", [.. "PK\u0003\u0004"u8, .. noise[..5000]]), ("packed.mp4", [0x1f, 0x8b, 8, 0, .. noise[..5000]]), ("script.mp4", "#!/bin/sh\ntouch /tmp/x\n"u8.ToArray()),
            ("page.mp4", "<!DOCTYPE html><script>fetch('/v1/streams')</script>"u8.ToArray()), ("data.mp4", "{\"url\":\"file:///etc/passwd\"}"u8.ToArray()),
            ("entities.mp4", Encoding.ASCII.GetBytes($"<?xml version=\"1.0\"?><!DOCTYPE x [<!ENTITY y SYSTEM \"file://{bait.File}\">]><x>&y;</x>")),
            ("drawing.svg", Encoding.ASCII.GetBytes($"<svg xmlns=\"http://www.w3.org/2000/svg\"><image href=\"{bait.Addresses[0]}\"/></svg>")),
            ("picture.png", [0x89, .. "PNG\r\n\u001a\n"u8, .. noise[..5000]]), ("picture.webp", [.. "RIFF\u0000\u0001\u0000\u0000WEBPVP8 "u8, .. noise[..5000]]), ("sound.mp3", [.. "ID3\u0004\u0000\u0000\u0000\u0000\u0000\u0000"u8, .. noise[..5000]]),
            ("sound.wav", [.. "RIFF\u0024\u0000\u0000\u0000WAVEfmt "u8, .. noise[..5000]]), ("vector.ps", "%!PS-Adobe-3.0\n(/etc/passwd) (r) file\n"u8.ToArray()), ("model.pkl", [0x80, 4, .. "cposix\nsystem\n"u8]),
            ("text.mp4", [0xff, 0xfe, .. Encoding.Unicode.GetBytes("#EXTM3U\nfile.mp4\n")]), ("mark.m3u8", [0xef, 0xbb, 0xbf, .. Encoding.UTF8.GetBytes($"#EXTM3U\n#EXTINF:1,\n{bait.File}\n")]),
        ];
        return files.Select(file => new HostileFile(file.Name, "no film", file.Bytes));
    }

    /// <summary>Films with pieces changed, left out, repeated, renamed and lied about.</summary>
    private IEnumerable<HostileFile> Broken()
    {
        var mutator = new MediaMutator(new Random(seed));
        foreach (Film film in films)
            for (int i = 0; i < Mutations; i++)
                yield return new HostileFile($"broken-{i}.{film.Container}", "broken film", mutator.Mutate(film));
    }
}
