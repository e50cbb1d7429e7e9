using System.Text.RegularExpressions;
using Streaming.Compression;
using Streaming.Contracts;
using Streaming.Video;

namespace Streaming.Server.Streams;

/// <summary>What a declaration may say. A refusal never repeats an address, which may hold a password.</summary>
public static partial class StreamRules
{
    /// <summary>One frame in twenty seconds: less is no video.</summary>
    public const double LeastSampling = 0.05;

    /// <summary>Shorter than any network's pauses, and longer than anybody waits to hear of a camera that is gone.</summary>
    public const double LeastTimeout = 1, LongestTimeout = 300;

    /// <summary>As long as browsers and proxies take.</summary>
    private const int LongestAddress = 2048;

    public const string DefaultTimeZone = "UTC";

    /// <summary>Why a stream cannot be declared like this; null if it can.</summary>
    public static Problem? Refuse(StreamRequest request) =>
        NameProblem(request.Name)
        ?? ((request.Url, request.File) switch
        {
            (null, null) => Invalid("url or file is missing: a stream needs one of them"),
            ({ }, { }) => Invalid("url and file exclude each other: a stream plays a camera or a file"),
            (null, { }) when request.SubUrl is not null => Invalid("sub_url belongs to a camera; this stream plays a file"),
            _ => null,
        })
        ?? Refuse(new StreamPatch(request.Url, request.SubUrl, request.Sampling, request.Decode, request.TimeZone, Policy: request.Policy, Retain: request.Retain, Zones: request.Zones, TimeoutSeconds: request.TimeoutSeconds));

    /// <summary>Why a stream cannot be changed like this; null if it can.</summary>
    public static Problem? Refuse(StreamPatch patch) =>
        AddressProblem("url", patch.Url)
        ?? (patch.SubUrl is "" ? null : AddressProblem("sub_url", patch.SubUrl))
        ?? (patch.Sampling is not { } rate || (rate >= LeastSampling && rate <= DecodeRequest.MaxFramesPerSecond)
            ? null
            : Invalid(FormattableString.Invariant($"sampling has to lie between {LeastSampling} and {DecodeRequest.MaxFramesPerSecond} frames per second")))
        ?? (patch.Decode is not { } mode || Enum.IsDefined(mode) ? null : Invalid("decode has to be all or intra"))
        ?? (patch.TimeZone is not { } zone || IsTimeZone(zone) ? null : Invalid("time_zone has to be an IANA name such as Europe/Berlin"))
        ?? (patch.Policy is not { } policy || Reducers.Policies.Contains(policy) ? null : Invalid($"policy has to be one of {string.Join(", ", Reducers.Policies)}"))
        ?? (patch.Retain is null or (> 0 and <= 1) ? null : Invalid("retain has to lie above 0 and up to 1"))
        ?? (patch.TimeoutSeconds is null or 0 or (>= LeastTimeout and <= LongestTimeout) ? null : Invalid($"timeout_seconds has to lie between {LeastTimeout} and {LongestTimeout}, or be 0"))
        ?? (patch.Zones is { } zones && ZoneRules.Refuse(zones) is { } wrong ? Invalid(wrong) : null);

    /// <summary>Why a stream, or a watch of one, cannot bear this name; null if it can.</summary>
    internal static Problem? NameProblem(string? name) => name switch
    {
        null => Invalid("name is missing"),
        _ when Name().IsMatch(name) => null,
        _ => Invalid("name has to be 1 to 64 letters a-z, digits, dots, dashes and underscores, and to begin with a letter or digit"),
    };

    private static Problem? AddressProblem(string field, string? address) => address switch
    {
        null => null,
        { Length: > LongestAddress } => Invalid($"{field} has more than {LongestAddress} characters"),
        _ when !Address().IsMatch(address) => Invalid($"{field} has to be an rtsp:// or rtsps:// address with a host and without spaces"),
        _ => null,
    };

    private static bool IsTimeZone(string name) => ZoneName().IsMatch(name) && TimeZoneInfo.TryFindSystemTimeZoneById(name, out _);

    private static Problem Invalid(string detail) => new(ProblemKind.Invalid, detail);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();

    [GeneratedRegex(@"\A(?i:rtsps?)://(?:[^/?#\s\p{C}]*@)?[^@:/?#\s\p{C}]+(?::\d{1,5})?(?:[/?#][^\s\p{C}]*)?\z|\A(?i:rtsps?)://(?:[^/?#\s\p{C}]*@)?\[[0-9A-Fa-f:.%]+\](?::\d{1,5})?(?:[/?#][^\s\p{C}]*)?\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"\A[A-Za-z0-9_+-]{1,32}(?:/[A-Za-z0-9_+-]{1,32}){0,3}\z")]
    private static partial Regex ZoneName();
}
