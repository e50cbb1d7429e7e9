using Streaming.Models;

namespace Streaming.Compression;

/// <summary>
/// A policy that makes visual tokens fewer. Deterministic; order by time and place is kept, weights are conserved where tokens merge.
/// It may carry what it has seen from call to call: one instance belongs to one stream and is called by one thread.
/// </summary>
public interface IVisualTokenReducer
{
    /// <summary>The name that configuration and measurements use, such as <c>dtd</c>.</summary>
    string Name { get; }

    /// <param name="tokens">The tokens of whole frames in order of time and place, later than all given before.</param>
    /// <param name="budget">The most tokens that may come back.</param>
    VisualTokens Reduce(VisualTokens tokens, int budget);

    /// <summary>The same with what is known of the frames besides their tokens, which most policies do not ask.</summary>
    /// <param name="keyframes">In order; those of all frames or of some.</param>
    VisualTokens Reduce(VisualTokens tokens, IReadOnlyList<Keyframe> keyframes, int budget) => Reduce(tokens, budget);

    /// <summary>Goes on as if it had kept these tokens: what an earlier run of the stream left, in order. One that carries nothing from call to call has nothing to do.</summary>
    void Resume(VisualTokens kept)
    {
    }
}
