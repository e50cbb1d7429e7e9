using System.Globalization;
using Streaming.Server.Archive;

namespace Streaming.Server.Store;

/// <summary>A stream's log as one file, flushed to the disk with every writing; written anew beside its place and renamed.</summary>
/// <param name="path">Where the log lies, in a folder that exists.</param>
public sealed class FileMemoryStore(string path) : IMemoryStore
{
    private FileStream? _file;

    public Task<byte[]> ReadAsync(CancellationToken cancellation = default) => Told(() =>
    {
        AtomicFile.Tidy(path);
        return File.Exists(path) ? File.ReadAllBytes(path) : [];
    });

    public Task AppendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default) => Told(() =>
    {
        // Not buffered: what is refused by a full disk must not come back when the next bytes or the end are written.
        FileStream file = _file ??= new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.Read, bufferSize: 0);
        long whole = file.Position;
        try
        {
            file.Write(bytes.Span);
            file.Flush(flushToDisk: true);
        }
        catch
        {
            file.SetLength(whole);
            throw;
        }
        return true;
    });

    public Task ReplaceAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellation = default) => Told(() =>
    {
        Close();
        AtomicFile.Write(path, bytes.Span);
        return true;
    });

    public Task<string> SetAsideAsync(CancellationToken cancellation = default) => Told(() =>
    {
        int number = 1;
        while (File.Exists(Aside(number)))
            number++;
        File.Copy(path, Aside(number));
        return Aside(number);
    });

    public Task DeleteAsync(CancellationToken cancellation = default) => Told(() =>
    {
        Close();
        File.Delete(path);
        return true;
    });

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    private string Aside(int number) => string.Create(CultureInfo.InvariantCulture, $"{path}.unread-{number}");

    private void Close()
    {
        _file?.Dispose();
        _file = null;
    }

    private static Task<T> Told<T>(Func<T> act)
    {
        try
        {
            return Task.FromResult(act());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Task.FromException<T>(new StoreException(e.Message, e));
        }
    }
}
