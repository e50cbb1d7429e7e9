using System.Security.Cryptography;
using Streaming.Contracts;
using Streaming.Server.Archive;

namespace Streaming.Server.Files;

/// <summary>
/// One upload on disk. Its length is where it stands, so a kill at any moment loses nothing that was written; only while bytes are still
/// to be checked does a mark say where they begin, and whoever finds it at a start cuts them off.
/// </summary>
internal sealed class PartialUpload
{
    private readonly string _folder;
    private readonly SemaphoreSlim _turn = new(1);
    private CancellationTokenSource _newest = new();
    private long _offset;

    private PartialUpload(string folder, UploadFacts facts, DateTimeOffset touchedAt) => (_folder, Facts, TouchedAt) = (folder, facts, touchedAt);

    internal UploadFacts Facts { get; private set; }

    /// <summary>When bytes last came.</summary>
    internal DateTimeOffset TouchedAt { get; private set; }

    /// <summary>How many bytes came.</summary>
    internal long Offset => Interlocked.Read(ref _offset);

    internal bool IsWhole => Offset == Facts.SizeBytes;

    /// <summary>It is a film, or told to be none; until then the facts may say what is about to be.</summary>
    internal bool IsSettled { get; private set; }

    /// <summary>Holds the film until it is filed.</summary>
    internal string FilmFolder => Path.Combine(_folder, "film");

    private string Film => FileFacts.FilmOf(_folder, "film");

    private string Mark => Path.Combine(_folder, "unchecked");

    internal static PartialUpload Begin(string uploads, UploadFacts facts, DateTimeOffset at)
    {
        var upload = new PartialUpload(Path.Combine(uploads, facts.Id), facts, at);
        Directory.CreateDirectory(upload.FilmFolder);
        File.Create(upload.Film).Dispose();
        facts.Write(upload._folder);
        return upload;
    }

    /// <summary>One that an earlier process left.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    /// <exception cref="InvalidDataException">It is not whole.</exception>
    internal static PartialUpload Open(string folder)
    {
        UploadFacts facts = UploadFacts.Read(folder);
        var upload = new PartialUpload(folder, facts, Directory.GetLastWriteTimeUtc(folder)) { _offset = facts.SizeBytes };
        if (!File.Exists(upload.Film))
        {
            upload.IsSettled = facts is not { File: null, Problem: null };
            return upload.IsSettled ? upload : throw new InvalidDataException("its bytes are gone");
        }
        upload.Facts = facts with { File = null, Problem = null }; // Whoever wrote more was killed before the film had left.
        upload.TouchedAt = File.GetLastWriteTimeUtc(upload.Film);
        using var film = new FileStream(upload.Film, FileMode.Open, FileAccess.Write);
        if (File.Exists(upload.Mark))
            film.SetLength(Math.Min(film.Length, BitConverter.ToInt64(File.ReadAllBytes(upload.Mark))));
        File.Delete(upload.Mark);
        upload._offset = film.Length;
        return upload;
    }

    /// <summary>Takes the next bytes; whoever still sends is interrupted, because a client that comes again has lost its old connection.</summary>
    internal async Task<Problem?> AppendAsync(long offset, Stream content, UploadDigest? digest, TimeProvider clock, CancellationToken cancellation)
    {
        CancellationToken newest = Interrupt();
        await _turn.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(newest, cancellation);
            return offset == Offset
                ? await WriteAsync(content, digest, either.Token).ConfigureAwait(false)
                : new Problem(ProblemKind.Taken, $"the upload stands at {Offset}, not at {offset}; ask where it stands and go on from there");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return new Problem(ProblemKind.Taken, "another request goes on with this upload");
        }
        finally
        {
            TouchedAt = clock.GetUtcNow();
            _turn.Release();
        }
    }

    /// <summary>Stores what is about to become of it.</summary>
    internal void Note(string? file, string? problem)
    {
        Facts = Facts with { File = file, Problem = problem };
        Facts.Write(_folder);
    }

    /// <summary>It became what was noted.</summary>
    internal void Settle()
    {
        if (Directory.Exists(FilmFolder))
            Directory.Delete(FilmFolder, recursive: true);
        IsSettled = true;
    }

    /// <summary>Interrupts whoever sends and deletes all of it.</summary>
    internal async Task EraseAsync()
    {
        Interrupt();
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (Directory.Exists(_folder))
                Directory.Delete(_folder, recursive: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    private CancellationToken Interrupt()
    {
        var mine = new CancellationTokenSource();
        Interlocked.Exchange(ref _newest, mine).Cancel();
        return mine.Token;
    }

    private async Task<Problem?> WriteAsync(Stream content, UploadDigest? digest, CancellationToken cancellation)
    {
        long begin = Offset;
        using IncrementalHash? hash = digest is null ? null : IncrementalHash.CreateHash(digest.Algorithm == "sha1" ? HashAlgorithmName.SHA1 : HashAlgorithmName.SHA256);
        if (hash is not null)
            AtomicFile.Write(Mark, BitConverter.GetBytes(begin));
        await using var film = new FileStream(Film, FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0) { Position = begin };
        var tooLarge = new Problem(ProblemKind.TooLarge, $"the upload was announced with {Facts.SizeBytes} bytes, and more came");
        Problem? problem = null;
        bool isChecked = hash is null;
        try
        {
            problem = await Upload.CopyAsync(content, film, Facts.SizeBytes, tooLarge, Count, null, cancellation).ConfigureAwait(false);
            if (problem is null && hash is not null)
                isChecked = hash.GetHashAndReset().AsSpan().SequenceEqual(digest!.Hash.Span);
            return isChecked ? problem : problem ?? new Problem(ProblemKind.Damaged, "the bytes do not have the hash that was sent with them; send them again");
        }
        finally
        {
            if (!isChecked || problem is { Kind: ProblemKind.TooLarge })
                film.SetLength(begin);
            film.Flush(flushToDisk: true);
            Interlocked.Exchange(ref _offset, film.Length);
            File.Delete(Mark);
        }

        void Count(ReadOnlyMemory<byte> piece)
        {
            hash?.AppendData(piece.Span);
            if (hash is null)
                Interlocked.Exchange(ref _offset, film.Position);
        }
    }
}
