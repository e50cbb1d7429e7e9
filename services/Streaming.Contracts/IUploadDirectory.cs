namespace Streaming.Contracts;

/// <summary>Uploads that may break off and go on. Every method is safe to call from any thread at any time.</summary>
public interface IUploadDirectory
{
    Task<Outcome<UploadDocument>> BeginAsync(UploadRequest request, CancellationToken cancellation);

    Task<Outcome<UploadDocument>> FindAsync(string id, CancellationToken cancellation);

    /// <summary>
    /// Takes the next bytes; whoever still sends to the same upload is interrupted. What came before a reader failed is kept, unless it
    /// was to be checked. With the last byte the film is filed, or the problem says why it is none.
    /// </summary>
    /// <param name="offset">Where the sender believes the upload to stand; <see cref="ProblemKind.Taken"/> if it does not.</param>
    /// <param name="digest">What the bytes have to hash to; <see cref="ProblemKind.Damaged"/>, and none of them is kept, if they do not.</param>
    Task<Outcome<UploadDocument>> AppendAsync(string id, long offset, Stream content, UploadDigest? digest, CancellationToken cancellation);

    /// <summary>Forgets it and what came of it; a film that was filed stays. The answer is the upload as it was.</summary>
    Task<Outcome<UploadDocument>> RemoveAsync(string id, CancellationToken cancellation);
}

/// <param name="SizeBytes">Of the whole film.</param>
/// <param name="Metadata">What the client wants to be told again, as it came.</param>
public sealed record UploadRequest(string Name, long SizeBytes, string? Metadata = null);

/// <param name="Algorithm">One of <see cref="Algorithms"/>.</param>
/// <param name="Hash">Of the bytes of one piece.</param>
public sealed record UploadDigest(string Algorithm, ReadOnlyMemory<byte> Hash)
{
    public static IReadOnlyList<string> Algorithms { get; } = ["sha1", "sha256"];
}

/// <summary>An upload and where it stands.</summary>
/// <param name="ExpiresAt">When it is forgotten unless more of it comes.</param>
/// <param name="File">The id of the film, once all of it came and it is one.</param>
/// <param name="Problem">Why what came is no film; null if it is, or not all of it came.</param>
public sealed record UploadDocument(
    string Id, string Name, long SizeBytes, long OffsetBytes, DateTimeOffset ExpiresAt, string? File, string? Problem, [property: System.Text.Json.Serialization.JsonIgnore] string? Metadata = null);
