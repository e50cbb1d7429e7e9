using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Streaming.Video;

/// <summary>Where a film comes from: a file or a camera. Its text never shows a user name or a password.</summary>
public abstract partial record VideoSource
{
    private protected VideoSource() { }

    /// <summary>True if pictures come at the pace of the world and never end by themselves.</summary>
    public abstract bool IsLive { get; }

    /// <summary>What to show a person: the path, or the address without credentials.</summary>
    public abstract string Name { get; }

    /// <summary>Reads a path or an <c>rtsp://</c> address as a person writes it.</summary>
    /// <param name="text">A path may start with a dash and hold any character; an existing file wins over an address.</param>
    /// <param name="failure">Set when the text names neither: another scheme, or nothing.</param>
    public static VideoSource? Parse(string text, out SourceFailure? failure)
    {
        failure = null;
        if (string.IsNullOrEmpty(text) || text.Contains('\0'))
            failure = new SourceFailure(SourceFailureKind.Unreachable, "the source is empty or holds a NUL character");
        else if (File.Exists(text) || AddressScheme().Match(text) is not { Success: true } scheme)
            return new FileSource(Path.GetFullPath(text));
        else if (scheme.Value.ToLowerInvariant() is not ("rtsp://" or "rtsps://"))
            failure = new SourceFailure(SourceFailureKind.NotVideo, "only files and rtsp:// addresses can be opened");
        else if (text.Length == scheme.Length || text.Any(c => char.IsControl(c) || char.IsWhiteSpace(c)))
            failure = new SourceFailure(SourceFailureKind.Unreachable, "the rtsp:// address has no host or holds a space");
        else
            return new CameraSource(text);
        return null;
    }

    public sealed override string ToString() => Name;

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9+.-]*://")]
    private static partial Regex AddressScheme();
}

/// <summary>A film on disk.</summary>
/// <param name="Path">Absolute path.</param>
public sealed record FileSource(string Path) : VideoSource
{
    public override bool IsLive => false;

    public override string Name => Path;

    /// <summary>Why nothing behind this path can be a film; null if it is a file that can be read. Never waits for anybody.</summary>
    public SourceFailure? Examine()
    {
        var (kind, sizeBytes, error) = LibC.Look(Path);
        if (error != 0)
            return Unopenable(error);
        if (kind != LibC.FileKind.File)
            return new(SourceFailureKind.NotVideo, kind == LibC.FileKind.Folder ? "is a folder, not a film" : "is a device, pipe or socket, not a film");
        if (sizeBytes == 0)
            return new(SourceFailureKind.NotVideo, "the file is empty");
        try
        {
            File.OpenHandle(Path).Dispose();
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return Unopenable(LibC.AccessDenied);
        }
        catch (IOException e)
        {
            return new(SourceFailureKind.Unreachable, $"the file cannot be opened: {e.Message}");
        }
    }

    private static SourceFailure Unopenable(int error) => error switch
    {
        LibC.NotFound or LibC.NoFolder => new(SourceFailureKind.Unreachable, "there is no such file"),
        LibC.AccessDenied => new(SourceFailureKind.Unauthorized, "the file's permissions do not allow reading it"),
        _ => new(SourceFailureKind.Unreachable, $"the file cannot be opened: {Marshal.GetPInvokeErrorMessage(error)}"),
    };
}

/// <summary>A camera that speaks RTSP.</summary>
/// <param name="Url"><c>rtsp://[user:password@]host[:port]/path</c> or <c>rtsps://</c>, a secret: show <see cref="VideoSource.Name"/> instead.</param>
/// <param name="Transport">By default what the address says: datagrams if it ends with <c>?udp</c>, which is FFmpeg's own way to ask for them.</param>
public sealed partial record CameraSource(string Url, RtspTransport Transport) : VideoSource
{
    public CameraSource(string url)
        : this(url, url.EndsWith("?udp", StringComparison.Ordinal) ? RtspTransport.Udp : RtspTransport.Tcp)
    {
    }

    public override bool IsLive => true;

    /// <summary>The address without user and password; values of parameters that look like secrets are starred.</summary>
    public override string Name => Secret().Replace(UserInfo().Replace(Url, "$1"), "$1=***");

    // Like libavformat, the last @ before the path ends the credentials: an unescaped password may hold more of them.
    [GeneratedRegex("^([^:]+://)[^/?#]*@")]
    private static partial Regex UserInfo();

    [GeneratedRegex("(?i)\\b(user(?:name)?|pass(?:word)?|pwd|token|key|auth)=[^&/#]*")]
    private static partial Regex Secret();
}

/// <summary>How a camera's packets travel: interleaved in the RTSP connection, or as datagrams.</summary>
public enum RtspTransport : byte { Tcp, Udp }
