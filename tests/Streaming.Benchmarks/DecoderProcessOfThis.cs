using Streaming.Video;

namespace Streaming.Benchmarks;

/// <summary>This program as its own decoder process: its verb <c>decode</c> is a bench, so the default command cannot be used.</summary>
public static class DecoderProcessOfThis
{
    /// <summary>The only argument that makes this program run the decoding loop.</summary>
    public const string Verb = "decoder-process";

    /// <summary>Names the program by its assembly, so that its tests can start it too.</summary>
    public static DecoderOptions Options { get; } = new() { Command = ["dotnet", typeof(Bench).Assembly.Location, Verb] };
}
