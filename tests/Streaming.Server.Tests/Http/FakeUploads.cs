using System.Collections.Concurrent;
using Streaming.Contracts;

namespace Streaming.Server.Tests.Http;

/// <summary>Uploads that are counted and thrown away.</summary>
internal sealed class FakeUploads : IUploadDirectory
{
    private readonly ConcurrentDictionary<string, UploadDocument> _all = new(StringComparer.Ordinal);

    public Task<Outcome<UploadDocument>> BeginAsync(UploadRequest request, CancellationToken cancellation)
    {
        string id = $"{_all.Count}";
        return Task.FromResult<Outcome<UploadDocument>>(_all[id] = new UploadDocument(id, request.Name, request.SizeBytes, 0, DateTimeOffset.MaxValue, null, null));
    }

    public Task<Outcome<UploadDocument>> FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult<Outcome<UploadDocument>>(_all.TryGetValue(id, out UploadDocument? upload) ? upload : Problem.NoUpload);

    public async Task<Outcome<UploadDocument>> AppendAsync(string id, long offset, Stream content, UploadDigest? digest, CancellationToken cancellation)
    {
        if (!_all.TryGetValue(id, out UploadDocument? upload))
            return Problem.NoUpload;
        var bytes = new MemoryStream();
        await content.CopyToAsync(bytes, cancellation);
        return _all[id] = upload with { OffsetBytes = offset + bytes.Length };
    }

    public Task<Outcome<UploadDocument>> RemoveAsync(string id, CancellationToken cancellation) =>
        Task.FromResult<Outcome<UploadDocument>>(_all.TryRemove(id, out UploadDocument? upload) ? upload : Problem.NoUpload);
}
