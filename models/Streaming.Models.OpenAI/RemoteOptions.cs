namespace Streaming.Models.OpenAI;

/// <summary>Which server answers in place of a model of our own. All of it is the operator's to say, none of it a caller's.</summary>
/// <param name="Endpoint">The address under which <c>/chat/completions</c> lies, such as <c>http://127.0.0.1:8000/v1</c>.</param>
/// <param name="Model">The name by which the server knows the model.</param>
public sealed record RemoteOptions(Uri Endpoint, string Model)
{
    /// <summary>Sent as a bearer token; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>Most pictures in a question; more are thinned evenly. At some hundred tokens a picture, 16 fill what small servers are started with.</summary>
    public int MostFrames { get; init; } = 16;

    /// <summary>Prompt and answer together, in tokens; the server knows better and refuses what is too long.</summary>
    public int ContextTokens { get; init; } = 32_768;

    /// <summary>How often a server that is busy, failing or gone is asked again, as long as the answer's deadline allows.</summary>
    public int MostRetries { get; init; } = 3;
}
