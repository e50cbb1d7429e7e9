using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling] // Structs cross to FFmpeg as they are.

namespace Streaming.Video.FFmpeg;

/// <summary>Finds FFmpeg's libraries and proves, once per process, that this program's layout is theirs.</summary>
public static class FFmpegLibraries
{
    private const int Quiet = -8; // AV_LOG_QUIET: FFmpeg's own log lines may hold addresses with passwords.

    /// <summary>The releases whose struct layout is known. Debian 12 ships 5.1.</summary>
    private static readonly Layout[] Known = [Layout59.Offsets];

    private static readonly Lazy<SourceFailure?> Checked = new(Check);
    private static readonly Dictionary<string, nint> Loaded = [];

    /// <summary>Null if the libraries can be used; else one line that says what is missing and what to do.</summary>
    public static SourceFailure? Problem => Checked.Value;

    internal static Layout Offsets { get; private set; } = Known[0];

    /// <exception cref="InvalidOperationException">They cannot be used; the message is that of <see cref="Problem"/>.</exception>
    internal static void Require()
    {
        if (Problem is { } problem)
            throw new InvalidOperationException(problem.Message);
    }

    private static SourceFailure? Check()
    {
        if (Known.FirstOrDefault(Load) is not { } layout)
            return Unusable(Installed() is { } other
                ? $"found libavcodec {other}"
                : "not found (Debian: apt-get install libavformat59 libavcodec59 libavutil57 libswscale6)");
        Offsets = layout;
        NativeLibrary.SetDllImportResolver(typeof(LibAv).Assembly, (name, _, _) => Loaded.GetValueOrDefault(name));
        LibAv.av_log_set_level(Quiet);
        (string Name, uint Version, int Known)[] versions =
        [
            ("libavformat", LibAv.avformat_version(), layout.Avformat),
            ("libavcodec", LibAv.avcodec_version(), layout.Avcodec),
            ("libavutil", LibAv.avutil_version(), layout.Avutil),
            ("libswscale", LibAv.swscale_version(), layout.Swscale),
        ];
        foreach (var (name, version, known) in versions)
        {
            if (version >> 16 != known)
                return Unusable($"{name} says it is version {version >> 16}");
        }
        return SelfTest.Run() is { } wrong ? Unusable($"the self-test decoded wrongly ({wrong}), so this build's layout differs") : null;
    }

    private static SourceFailure Unusable(string what) => new(
        SourceFailureKind.LibrariesUnusable,
        $"FFmpeg's libraries: {what}; known are {string.Join(", ", Known.Select(k => $"FFmpeg {k.Release} (libavcodec {k.Avcodec})"))}");

    private static bool Load(Layout layout)
    {
        (string Name, int Major)[] files =
            [("avutil", layout.Avutil), ("swscale", layout.Swscale), ("avcodec", layout.Avcodec), ("avformat", layout.Avformat)];
        foreach (var (name, major) in files)
        {
            if (!NativeLibrary.TryLoad($"lib{name}.so.{major}", out var library))
                return false;
            Loaded[name] = library;
        }
        return true;
    }

    /// <summary>The libavcodec major that is there instead, to name it: 56 is FFmpeg 2.8, 69 is far ahead.</summary>
    private static int? Installed()
    {
        for (var major = 69; major >= 56; major--)
        {
            if (NativeLibrary.TryLoad($"libavcodec.so.{major}", out var library))
            {
                NativeLibrary.Free(library);
                return major;
            }
        }
        return null;
    }
}
