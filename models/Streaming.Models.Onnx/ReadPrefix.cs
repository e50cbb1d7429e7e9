using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>
/// The beginning of a prompt, up to its last visual token, with what the decoder (or its first part) made of it: whoever asks something
/// else about the same pictures goes on from here. Keys and values are read by later runs and never written.
/// </summary>
internal sealed class ReadPrefix : IDisposable
{
    private readonly int[] _tokenIds;
    private readonly IDisposableReadOnlyCollection<OrtValue> _outputs;

    /// <param name="tokenIds">Of the beginning, as long as <see cref="LengthIn"/> has it.</param>
    /// <param name="outputs">What the run that ended them wrote; disposed with this.</param>
    /// <param name="exits">What the decoder's first part made of them, [length, hidden] each; none of a whole decoder.</param>
    /// <param name="part">What read them; of its outputs only the cache is kept.</param>
    public ReadPrefix(int[] tokenIds, IDisposableReadOnlyCollection<OrtValue> outputs, IReadOnlyList<float[]> exits, DecoderPart part)
    {
        (_tokenIds, _outputs, Exits) = (tokenIds, outputs, exits);
        foreach (OrtValue passing in outputs.SkipLast(part.Cache.Count))
            passing.Dispose();
        SizeBytes = (part.BytesPerToken * tokenIds.Length) + exits.Sum(rows => rows.LongLength * sizeof(float));
    }

    public int Length => _tokenIds.Length;

    /// <summary>Of keys, values and exits.</summary>
    public long SizeBytes { get; }

    /// <summary>In the order in which they were written; those before the cache are gone.</summary>
    public IReadOnlyList<OrtValue> Outputs => _outputs;

    public IReadOnlyList<float[]> Exits { get; }

    /// <summary>How many tokens of a prompt stand up to and with its last visual one; 0 if it has none.</summary>
    public static int LengthIn(EncodedPrompt prompt, int imageTokenId) => Array.LastIndexOf(prompt.TokenIds, imageTokenId) + 1;

    /// <summary>The prompt's first <paramref name="length"/> tokens are these. What the visual ones show is for its key to tell.</summary>
    public bool Begins(EncodedPrompt prompt, int length) => length == Length && prompt.TokenIds.AsSpan(0, length).SequenceEqual(_tokenIds);

    public void Dispose() => _outputs.Dispose();
}
