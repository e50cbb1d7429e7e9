using System.Security.Cryptography;
using Streaming.Contracts;
using Streaming.Video;

namespace Streaming.Server.Files;

/// <summary>An upload on its way to disk: a folder that disappears with it unless it is taken.</summary>
internal sealed class Upload : IDisposable
{
    private const int PieceBytes = 128 << 10;
    private const int DiskFull = 28; // ENOSPC

    /// <summary>What is no film has to be refused within ten seconds; a decoder process needs one to start.</summary>
    private static readonly TimeSpan ProbeTime = TimeSpan.FromSeconds(9);

    private readonly string _folder;

    internal Upload(string files)
    {
        _folder = Path.Combine(files, $".upload.{Guid.NewGuid():N}");
        Directory.CreateDirectory(_folder);
    }

    private string Film => FileFacts.FilmOf(Path.GetDirectoryName(_folder)!, Path.GetFileName(_folder));

    /// <summary>SHA-256 of what was received, hexadecimal.</summary>
    internal string Content { get; private set; } = "";

    internal long SizeBytes { get; private set; }

    /// <summary>Writes all of it to disk. A reader that fails throws as it does.</summary>
    internal async Task<Problem?> ReceiveAsync(Stream content, long mostBytes, CancellationToken cancellation)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var piece = new byte[PieceBytes];
        await using (var file = new FileStream(Film, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            while (await content.ReadAsync(piece, cancellation).ConfigureAwait(false) is > 0 and var count)
            {
                SizeBytes += count;
                if (SizeBytes > mostBytes)
                    return new Problem(ProblemKind.TooLarge, $"the file is larger than the limit of {mostBytes} bytes");
                digest.AppendData(piece, 0, count);
                try
                {
                    await file.WriteAsync(piece.AsMemory(0, count), cancellation).ConfigureAwait(false);
                }
                catch (IOException e) when ((e.HResult & 0xFF) == DiskFull || e.HResult == unchecked((int)0x80070070))
                {
                    return new Problem(ProblemKind.Full, "the disk is full");
                }
            }
            file.Flush(flushToDisk: true);
        }
        Content = Convert.ToHexStringLower(digest.GetHashAndReset());
        return SizeBytes == 0 ? new Problem(ProblemKind.Invalid, "the file is empty") : null;
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

    /// <summary>Files it under its id.</summary>
    internal void Take(FileFacts facts, string files)
    {
        facts.Write(_folder);
        Directory.Move(_folder, FileFacts.FolderOf(files, facts.Id));
    }

    public void Dispose()
    {
        if (Directory.Exists(_folder))
            Directory.Delete(_folder, recursive: true);
    }
}
