using System.Reflection;

namespace Streaming.Video;

/// <summary>How decoder processes are started and what they may cost.</summary>
public sealed record DecoderOptions
{
    /// <summary>Program and arguments of the decoder process; by default this executable's <c>decode</c> verb. It has to call <see cref="DecodeLoop.Run"/>.</summary>
    public IReadOnlyList<string> Command { get; init; } = OwnDecodeVerb();

    public DecodeLimits Limits { get; init; } = new();

    private static string[] OwnDecodeVerb()
    {
        var program = Environment.ProcessPath ?? "dotnet";
        var hosted = Path.GetFileNameWithoutExtension(program) == "dotnet";
        return hosted && Assembly.GetEntryAssembly()?.Location is { Length: > 0 } entry
            ? [program, entry, "decode"]
            : [program, "decode"];
    }
}
