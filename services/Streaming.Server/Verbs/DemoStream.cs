using Streaming.Contracts;

namespace Streaming.Server.Verbs;

/// <summary>The film that comes with the model, played as if a camera delivered it, so that the page has something to show.</summary>
internal static class DemoStream
{
    private const string Name = "demo";

    /// <exception cref="FailureException">The film cannot be taken.</exception>
    public static async Task DeclareAsync(IStreamDirectory directory, string film, CancellationToken cancellation)
    {
        if ((await directory.StreamAsync(Name, cancellation)).Value is not null)
            return;
        await using FileStream content = File.OpenRead(film);
        FileDocument file = Required(await directory.AddFileAsync(Path.GetFileName(film), content, cancellation));
        Required(await directory.AddStreamAsync(new StreamRequest(Name, File: file.Id), cancellation));
    }

    private static T Required<T>(Outcome<T> outcome)
        where T : class =>
        outcome.Value ?? throw new FailureException($"the demo film cannot be played: {outcome.Problem!.Detail}");
}
