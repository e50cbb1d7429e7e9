using System.Net.Http.Headers;
using Streaming.Attacks.Http;

namespace Streaming.Attacks.Fuzz;

/// <summary>Bodies of the API that are almost right.</summary>
public static class BodyTarget
{
    /// <param name="file">Id of a file that is there; the stream that is there is named "door".</param>
    public static FuzzTarget Of(HttpClient client, string file) => new("API bodies", dice =>
    {
        int route = dice.Next(BadBodies.RoutesOf(file).Length);
        return [(byte)route, .. new JsonMutator(dice).Mutate(BadBodies.RoutesOf(file)[route].Body)];
    }, async input =>
    {
        var (method, path, _) = BadBodies.RoutesOf(file)[input[0]];
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new ByteArrayContent(input, 1, input.Length - 1) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using HttpResponseMessage response = await client.SendAsync(request);
        if ((int)response.StatusCode >= 500 && (int)response.StatusCode is not (503 or 504 or 507))
            throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }, _ => false);
}
