using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Streaming.Models;

/// <summary>A state of something that changes. What was made from an earlier state of the same thing is of no use once there is a later one.</summary>
/// <param name="Of">The thing, told apart by reference.</param>
/// <param name="Number">Greater than those of all states before.</param>
public sealed record PrefixSource(object Of, long Number)
{
    /// <summary>The other is a later state of the same thing.</summary>
    public bool IsBefore(PrefixSource? other) => other is not null && ReferenceEquals(Of, other.Of) && Number < other.Number;
}

/// <summary>
/// Names the beginning of a prompt, up to its last visual token: prompts of the same key begin alike. Whoever asks a model supplies it,
/// and the model looks no deeper.
/// </summary>
/// <param name="Digest">Of everything that the beginning depends on.</param>
/// <param name="Source">What the visual tokens were read from; null: nothing that changes.</param>
public sealed record PrefixKey(string Digest, PrefixSource? Source = null)
{
    /// <param name="model">Name of the model that reads it.</param>
    /// <param name="policy">Name of the reducer that chose the tokens for this question; empty: none did.</param>
    /// <param name="seen">The tokens in the order in which they are read, with the times that the model is told; their places are where some models have them stand.</param>
    public static PrefixKey Of(string model, string policy, VisualTokens seen, PrefixSource? source = null)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{model}\n{policy}\n{seen.Hidden}\n"));
        var origins = new long[2 * seen.Count];
        for (int i = 0; i < seen.Count; i++)
        {
            TokenOrigin origin = seen.Origins.Span[i];
            (origins[2 * i], origins[(2 * i) + 1]) = (origin.Time.Ticks, ((long)origin.Row << 32) + origin.Column);
        }
        hash.AppendData(MemoryMarshal.AsBytes(origins.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(seen.Features.Span));
        return new PrefixKey(Convert.ToHexStringLower(hash.GetHashAndReset()), source);
    }
}
