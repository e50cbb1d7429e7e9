using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Server.Archive;

/// <summary>Small files that are either as they were or as they shall be, whoever dies when: written beside, flushed, renamed, and the name flushed too.</summary>
public static class AtomicFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <param name="isSecret">Only its owner may read it.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool isSecret = false)
    {
        string draft = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (isSecret && !OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        try
        {
            using (var file = new FileStream(draft, options))
            {
                file.Write(bytes);
                file.Flush(flushToDisk: true);
            }
            File.Move(draft, path, overwrite: true);
        }
        catch
        {
            File.Delete(draft);
            throw;
        }
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Removes what writings that were interrupted left beside a file that nobody writes now.</summary>
    /// <param name="path">Its name may have wildcards: of all such files.</param>
    public static void Tidy(string path)
    {
        foreach (string draft in Directory.GetFiles(Path.GetDirectoryName(Path.GetFullPath(path))!, $"{Path.GetFileName(path)}.*"))
        {
            if (Guid.TryParseExact(Path.GetExtension(draft).TrimStart('.'), "N", out _))
                File.Delete(draft);
        }
    }

    /// <summary>Waits until the disk has the names in a folder: a file that was flushed may still be lost with its name.</summary>
    /// <exception cref="IOException">The disk does not take them.</exception>
    private static void FlushFolder(string folder)
    {
        if (OperatingSystem.IsWindows())
            return;
        int handle = Open(Encoding.UTF8.GetBytes(folder + '\0'), flags: 0); // O_RDONLY
        if (handle < 0)
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        int flushed = Flush(handle), error = Marshal.GetLastPInvokeError();
        _ = Close(handle);
        // EINVAL (22): a file system that has nothing to flush there.
        if (flushed != 0 && error != 22)
            throw new IOException(new Win32Exception(error).Message);
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static extern int Flush(int handle);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int handle);
}
