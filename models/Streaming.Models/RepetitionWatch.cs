namespace Streaming.Models;

/// <summary>
/// Sees when an answer goes round in circles, which greedy decoding never leaves again. Pictures can be made that drive a model there on
/// purpose, so that every answer about them is as long as it may be (Gao et al. 2024, "Inducing High Energy-Latency of Large
/// Vision-Language Models with Verbose Images").
/// </summary>
public sealed class RepetitionWatch
{
    /// <summary>A sentence: longer circles are stopped by the cap of an answer.</summary>
    private const int LongestCircle = 16;

    /// <summary>A list may say the same thing a few times ("red, red, red"); nothing says it six times in a row and goes on.</summary>
    private const int Rounds = 6;

    /// <summary>Circles of few tokens have to go on for so many: numbers are written digit by digit.</summary>
    private const int LeastTokens = 24;

    private readonly List<int> _tokens = [];
    private readonly int[] _same = new int[LongestCircle + 1];

    /// <summary>Adds a token of the answer; true if the answer has begun to go round in circles.</summary>
    public bool Add(int token)
    {
        bool circles = false;
        for (int length = 1; length <= Math.Min(LongestCircle, _tokens.Count); length++)
        {
            // As many tokens in a row are what stood a circle before each.
            _same[length] = _tokens[^length] == token ? _same[length] + 1 : 0;
            circles |= _same[length] >= Math.Max(LeastTokens, length * (Rounds - 1));
        }
        _tokens.Add(token);
        return circles;
    }
}
