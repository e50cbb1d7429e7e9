using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Server.Alerts;
using Streaming.Server.Egress;

namespace Streaming.Server.Webhooks;

/// <summary>Posts one event to one receiver, once. Taken is what is answered with 2xx; redirects are not followed.</summary>
internal sealed class WebhookPost(EgressGuard guard, TimeProvider clock, TimeSpan timeout) : IDisposable
{
    private readonly HttpClient _client = guard.Client(Timeout.InfiniteTimeSpan);

    /// <summary>Null: it was taken. Else what went wrong, in words that name no address.</summary>
    /// <exception cref="OperationCanceledException">Cancelled; it may have been taken or not.</exception>
    internal async Task<string?> SendAsync(Webhook webhook, StoredAlert stored, CancellationToken cancellation)
    {
        using var overdue = new CancellationTokenSource(timeout, clock);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(overdue.Token, cancellation);
        using HttpRequestMessage request = Request(webhook, stored);
        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop.Token).ConfigureAwait(false);
            return response.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture, $"the receiver answered {(int)response.StatusCode}");
        }
        catch (HttpRequestException e)
        {
            return e.InnerException is EgressRefusedException refused ? refused.Message : $"the receiver cannot be reached: {e.HttpRequestError}";
        }
        catch (IOException e)
        {
            return $"the receiver broke off: {e.GetType().Name}";
        }
        catch (OperationCanceledException) when (overdue.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            return string.Create(CultureInfo.InvariantCulture, $"the receiver did not answer within {timeout.TotalSeconds:0.#} s");
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage Request(Webhook webhook, StoredAlert stored)
    {
        // What changes with each try or with whoever reads it is not part of the message.
        var message = new WebhookMessage("watch.fired", stored.Alert.StoredAt, stored.Document() with { Acknowledged = null, Delivery = new(Contracts.DeliveryState.Pending, 0, null) });
        string body = JsonSerializer.Serialize(message, WebhookJson.Default.WebhookMessage), id = $"evt_{stored.Alert.Id}";
        DateTimeOffset now = clock.GetUtcNow();
        var request = new HttpRequestMessage(HttpMethod.Post, webhook.Url) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", webhook.Sign(id, now, body));
        request.Headers.UserAgent.Add(new("Streaming", "1"));
        return request;
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(WebhookMessage))]
internal sealed partial class WebhookJson : JsonSerializerContext;
