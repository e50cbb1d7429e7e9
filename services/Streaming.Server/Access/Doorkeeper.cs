using Streaming.Contracts;
using Streaming.Server.Access.Oidc;

namespace Streaming.Server.Access;

/// <summary>Knows callers by what they show: a key of this server, or a token of the identity provider where there is one.</summary>
/// <param name="limits">For those whose own say nothing.</param>
public sealed class Doorkeeper(KeyRing keys, TokenIssuer? issuer, CallerLimits limits)
{
    private volatile bool _asks = issuer is not null || !keys.IsEmpty;

    /// <summary>Callers have to show something. Never back to no: a server that has asked is not opened by the loss of a file.</summary>
    public bool Asks => _asks || (_asks = !keys.IsEmpty);

    /// <returns>Who shows this; a problem: it is good and still opens nothing, or cannot be checked now; null: nobody known.</returns>
    public async ValueTask<Outcome<Caller>?> FindAsync(string shown, CancellationToken cancellation)
    {
        if (keys.Find(shown) is { } known)
            return Limited(known);
        if (issuer is null || await issuer.FindAsync(shown, cancellation).ConfigureAwait(false) is not { } found)
            return null;
        return found.Value is { } caller ? Limited(caller) : found;
    }

    private Caller Limited(Caller caller) => caller with { Limits = caller.Limits.Or(limits) };
}
