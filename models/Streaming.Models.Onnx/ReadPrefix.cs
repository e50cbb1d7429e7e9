using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>
/// The beginning of a prompt, up to its last visual token, with what the decoder (or its first part) made of it: whoever asks something
/// else about the same pictures goes on from here. Keys and values are read by later runs and never written.
/// </summary>
internal sealed class ReadPrefix : IDisposable
{
    private readonly int[] _tokenIds;
    private readonly IReadOnlyList<VisualTokens> _frames;
    private readonly IDisposableReadOnlyCollection<OrtValue> _outputs;

    /// <param name="length">As <see cref="LengthIn"/> has it.</param>
    /// <param name="outputs">What the run that ended them wrote; disposed with this.</param>
    /// <param name="exits">What the decoder's first part made of them, [length, hidden] each; none of a whole decoder.</param>
    public ReadPrefix(EncodedPrompt prompt, int length, IDisposableReadOnlyCollection<OrtValue> outputs, IReadOnlyList<float[]> exits)
    {
        _tokenIds = prompt.TokenIds[..length];
        (_frames, _outputs, Exits) = (prompt.Frames, outputs, exits);
    }

    public int Length => _tokenIds.Length;

    /// <summary>In the order in which they were written.</summary>
    public IReadOnlyList<OrtValue> Outputs => _outputs;

    public IReadOnlyList<float[]> Exits { get; }

    /// <summary>How many tokens of a prompt stand up to and with its last visual one; 0 if it has none.</summary>
    public static int LengthIn(EncodedPrompt prompt, int imageTokenId) => Array.LastIndexOf(prompt.TokenIds, imageTokenId) + 1;

    /// <summary>The prompt begins with these very tokens, pictures included, and has as many visual tokens.</summary>
    public bool Begins(EncodedPrompt prompt) =>
        prompt.TokenIds.AsSpan().StartsWith(_tokenIds)
        && prompt.Frames.Count == _frames.Count
        && prompt.Frames.Zip(_frames).All(pair => IsSame(pair.First, pair.Second));

    public void Dispose() => _outputs.Dispose();

    private static bool IsSame(VisualTokens one, VisualTokens other) =>
        one.Origins.Span.SequenceEqual(other.Origins.Span) && MemoryMarshal.AsBytes(one.Features.Span).SequenceEqual(MemoryMarshal.AsBytes(other.Features.Span));
}
