using Streaming.Video;

namespace Streaming.Benchmarks;

/// <summary>This program as its own decoder process: its verb <c>decode</c> is a bench, so the default command cannot be used.</summary>
internal static class DecoderProcessOfThis
{
    /// <summary>The only argument that makes this program run the decoding loop.</summary>
    public const string Verb = "decoder-process";

    public static DecoderOptions Options { get; } = new() { Command = [Environment.ProcessPath!, Verb] };
}
