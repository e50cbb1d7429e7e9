using Microsoft.Win32.SafeHandles;

namespace Streaming.Video.FFmpeg;

/// <summary>The one gate for FFmpeg's return codes.</summary>
internal static class AvError
{
    internal const int Again = -11; // AVERROR(EAGAIN)
    internal const int OutOfMemory = -12; // AVERROR(ENOMEM)
    internal static readonly int EndOfFile = Tag('E', 'O', 'F', ' ');
    internal static readonly int InvalidData = Tag('I', 'N', 'D', 'A');
    internal static readonly int Interrupted = Tag('E', 'X', 'I', 'T');

    private const int NotFound = -2; // ENOENT
    private const int AccessDenied = -13; // EACCES
    private const int IsFolder = -21; // EISDIR
    private const int InvalidArgument = -22; // EINVAL: what the allow-lists answer
    private const int TimedOut = -110;
    private const int Refused = -111;
    private static readonly int HttpUnauthorized = Tag('\u00f8', '4', '0', '1');
    private static readonly int HttpForbidden = Tag('\u00f8', '4', '0', '3');
    private static readonly int HttpNotFound = Tag('\u00f8', '4', '0', '4');

    /// <exception cref="InvalidOperationException">A call failed that can only fail by a bug or for want of memory.</exception>
    internal static int Require(int code) =>
        code >= 0 ? code : throw new InvalidOperationException($"FFmpeg: {Text(code)}");

    internal static unsafe string Text(int code)
    {
        const int Longest = 128;
        var text = stackalloc byte[Longest];
        LibAv.av_strerror(code, text, Longest);
        return AvStructs.Text(text);
    }

    /// <summary>What a code from opening a source means to a person.</summary>
    /// <param name="file">What is read; null: a camera.</param>
    internal static SourceFailure Explain(int code, SafeFileHandle? file, TimeSpan timeout) => code switch
    {
        NotFound => new(SourceFailureKind.Unreachable, "there is no such file"),
        AccessDenied => new(SourceFailureKind.Unauthorized, "the file's permissions do not allow reading it"),
        IsFolder => new(SourceFailureKind.NotVideo, "is a folder, not a film"),
        OutOfMemory => new(SourceFailureKind.LimitExceeded, "needs more memory than a decoder process may take"),
        TimedOut => new(SourceFailureKind.Unreachable, $"no answer in {timeout.TotalSeconds:0.#} s"),
        Refused => new(SourceFailureKind.Unreachable, "nobody listens there (connection refused)"),
        _ when code == Interrupted => new(SourceFailureKind.Unreachable, $"no answer in {timeout.TotalSeconds:0.#} s"),
        _ when code == HttpUnauthorized || code == HttpForbidden =>
            new(SourceFailureKind.Unauthorized, "the camera refused the user name or password"),
        _ when code == HttpNotFound => new(SourceFailureKind.Unreachable, "the camera has no stream of that path"),
        _ when file is not null && (code == InvalidData || code == InvalidArgument || code == EndOfFile) =>
            new(SourceFailureKind.NotVideo, Sniffer.Explain(file)),
        _ => new(file is null ? SourceFailureKind.Unreachable : SourceFailureKind.Undecodable, $"cannot be opened: {Text(code)}"),
    };

    private static int Tag(char a, char b, char c, char d) => -(a | b << 8 | c << 16 | d << 24);
}
