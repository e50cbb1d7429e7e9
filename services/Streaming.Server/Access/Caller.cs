using Streaming.Contracts;

namespace Streaming.Server.Access;

/// <summary>Who makes a request, and what of this server exists for them.</summary>
/// <param name="Streams">The only streams that exist for them; null: all, and all files.</param>
public sealed record Caller(string Name, Role Role, IReadOnlySet<string>? Streams)
{
    /// <summary>Whoever is on this machine, where nobody has a key.</summary>
    public static Caller Local { get; } = new("local", Role.Admin, null);

    /// <summary>What they may take at most.</summary>
    public CallerLimits Limits { get; init; } = CallerLimits.None;

    /// <summary>Files have no owner: they exist for those for whom everything does.</summary>
    public bool Sees(SourceName source) => Streams is null || (source.Kind == SourceKind.Stream && Streams.Contains(source.Name));
}
