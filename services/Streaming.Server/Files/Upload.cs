using System.Buffers;
using System.Security.Cryptography;
using Streaming.Contracts;
using Streaming.Server.Streams;
using Streaming.Video;

namespace Streaming.Server.Files;

/// <summary>A film on its way to where it is filed: a folder that disappears with it unless it is taken.</summary>
internal sealed class Upload(string folder) : IDisposable
{
    internal static readonly Problem NoRoom = new(ProblemKind.Full, "the upload cannot be stored: the disk is full or not writable");

    private const int PieceBytes = 128 << 10;

    /// <summary>What is no film has to be refused within ten seconds; a decoder process needs one to start.</summary>
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(9);

    internal string Folder => folder;

    internal static Upload Begin(string files)
    {
        var upload = new Upload(Path.Combine(files, $".upload.{Guid.NewGuid():N}"));
        Directory.CreateDirectory(upload.Folder);
        return upload;
    }

    private string Film => FileFacts.FilmOf(Path.GetDirectoryName(Folder)!, Path.GetFileName(Folder));

    /// <summary>SHA-256 of what was received, hexadecimal.</summary>
    internal string Content { get; private set; } = "";

    internal long SizeBytes { get; private set; }

    /// <summary>Reads what lies on disk already.</summary>
    internal async Task MeasureAsync(CancellationToken cancellation)
    {
        await using var film = new FileStream(Film, FileMode.Open, FileAccess.Read, FileShare.Read, PieceBytes);
        Content = Convert.ToHexStringLower(await SHA256.HashDataAsync(film, cancellation).ConfigureAwait(false));
        SizeBytes = film.Length;
    }

    /// <summary>Writes all of it to disk, as long as that has more room than is kept free. A reader that fails throws as it does.</summary>
    internal async Task<Problem?> ReceiveAsync(Stream content, long mostBytes, DiskRoom disk, CancellationToken cancellation)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using (var file = new FileStream(Film, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            var tooLarge = new Problem(ProblemKind.TooLarge, $"the file is larger than the limit of {mostBytes} bytes");
            if (await CopyAsync(content, file, mostBytes, tooLarge, piece => digest.AppendData(piece.Span), disk, cancellation).ConfigureAwait(false) is { } problem)
                return problem;
            file.Flush(flushToDisk: true);
            SizeBytes = file.Length;
        }
        Content = Convert.ToHexStringLower(digest.GetHashAndReset());
        return SizeBytes == 0 ? new Problem(ProblemKind.Invalid, "the file is empty") : null;
    }

    /// <summary>Writes what comes where the film stands. A reader that fails throws as it does; what was written until then stays.</summary>
    /// <param name="longest">The film has at most so many bytes.</param>
    /// <param name="tooLarge">What is said where more come.</param>
    /// <param name="written">Told each piece that is in the film.</param>
    /// <param name="disk">Nothing more is taken while it is low; null: room for all of it was there when it began.</param>
    internal static async Task<Problem?> CopyAsync(
        Stream content, FileStream film, long longest, Problem tooLarge, Action<ReadOnlyMemory<byte>> written, DiskRoom? disk, CancellationToken cancellation)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(PieceBytes);
        try
        {
            while (await content.ReadAsync(buffer.AsMemory(0, PieceBytes), cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                if (film.Position + count > longest)
                    return tooLarge;
                if (disk is { IsLow: true })
                    return new Problem(ProblemKind.Full, $"the upload cannot be stored: {disk.Words}");
                try
                {
                    await film.WriteAsync(buffer.AsMemory(0, count), cancellation).ConfigureAwait(false);
                }
                catch (IOException)
                {
                    return NoRoom;
                }
                written(buffer.AsMemory(0, count));
            }
            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>What its first picture says; or why there is none.</summary>
    internal async Task<(VideoFacts? Film, string Problem)> ProbeAsync(Decoder decoder, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(ProbeTime);
        await using DecodeSession session = decoder.Open(new FileSource(Film), new DecodeRequest { MaxWidth = 16, MaxHeight = 16, Threads = 1 }, patience.Token);
        await foreach (var frame in session.Frames().ConfigureAwait(false))
        {
            frame.Dispose();
            return (session.Facts, "");
        }
        cancellation.ThrowIfCancellationRequested();
        SourceFailure? failure = (await session.Completion.ConfigureAwait(false)).Failure;
        return (null, failure is null or { Kind: SourceFailureKind.Stopped } ? $"no picture could be decoded within {ProbeTime.TotalSeconds} s" : failure.Message);
    }

    internal void MoveTo(string folder) => Directory.Move(Folder, folder);

    public void Dispose()
    {
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}
