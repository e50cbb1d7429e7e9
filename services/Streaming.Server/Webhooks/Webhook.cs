using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Streaming.Contracts;
using Streaming.Server.Egress;

namespace Streaming.Server.Webhooks;

/// <summary>Where events are posted to and the secret that signs them, as Standard Webhooks 1.0 has it. Never logged.</summary>
/// <param name="Secret">whsec_ and base64.</param>
internal sealed record Webhook(string Url, string Secret)
{
    private const string Prefix = "whsec_";

    /// <summary>What the standard allows and, where none is given, the upper middle of it.</summary>
    private const int ShortestSecret = 24, LongestSecret = 64, MadeSecret = 32;

    /// <summary>Scheme, host and port.</summary>
    internal string Address => new Uri(Url).GetLeftPart(UriPartial.Authority);

    /// <summary>Why it cannot be, in one line that does not repeat it; null if it can.</summary>
    internal static Problem? Refuse(WebhookRequest request, EgressRules rules) =>
        request.Url is null ? new Problem(ProblemKind.Invalid, "webhook.url is missing")
        : rules.Refuse(request.Url) is { } refusal ? new Problem(ProblemKind.Invalid, $"webhook.url {refusal}")
        : request.Secret is null || KeyOf(request.Secret) is { Length: >= ShortestSecret and <= LongestSecret } ? null
        : new Problem(ProblemKind.Invalid, $"webhook.secret has to be {Prefix} and {ShortestSecret} to {LongestSecret} bytes in base64");

    /// <param name="request">One that is not refused.</param>
    internal static Webhook Of(WebhookRequest request) =>
        new(request.Url!, request.Secret ?? Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(MadeSecret)));

    /// <summary>The signature of a message: of its id, its second and its body, so that neither can be exchanged nor sent again later.</summary>
    internal string Sign(string id, DateTimeOffset at, string body)
    {
        string signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{at.ToUnixTimeSeconds()}.{body}");
        return "v1," + Convert.ToBase64String(HMACSHA256.HashData(KeyOf(Secret)!, Encoding.UTF8.GetBytes(signed)));
    }

    public override string ToString() => Address;

    private static byte[]? KeyOf(string secret)
    {
        var key = new byte[secret.Length];
        return secret.StartsWith(Prefix, StringComparison.Ordinal) && Convert.TryFromBase64String(secret[Prefix.Length..], key, out int length) ? key[..length] : null;
    }
}

/// <summary>The body of a webhook.</summary>
/// <param name="Type">watch.fired</param>
/// <param name="Timestamp">When the event was stored.</param>
internal sealed record WebhookMessage(string Type, DateTimeOffset Timestamp, AlertDocument Data);
