namespace Streaming.Server.Access.Oidc;

/// <summary>The identity provider whose tokens are taken, and which of their claims say what.</summary>
/// <param name="Issuer">STREAMING_OIDC_ISSUER: exactly as its tokens name it; its discovery document lies below.</param>
/// <param name="Audience">STREAMING_OIDC_AUDIENCE: what its tokens have to be meant for.</param>
/// <param name="RolesClaim">STREAMING_OIDC_ROLES: the claim, or the path of claims separated by dots, that holds viewer, operator or admin.</param>
/// <param name="StreamsClaim">STREAMING_OIDC_STREAMS: the claim that holds the only streams that exist for its bearer, or *; a token without it sees none. Null: the role alone decides.</param>
public sealed record OidcSettings(string Issuer, string Audience, string RolesClaim, string? StreamsClaim)
{
    /// <summary>Where providers such as Entra and Keycloak (with a mapper) put an application's roles.</summary>
    public const string UsualRolesClaim = "roles";
}
