using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Attacks.Media;

/// <summary>Sees whether anybody opens or reads a file, of any process (inotify(7)).</summary>
public sealed class OpenWatch : IDisposable
{
    private const int NonBlocking = 0x800; // IN_NONBLOCK
    private const uint AccessOrOpen = 0x1 | 0x20; // IN_ACCESS | IN_OPEN

    private readonly int _watch;

    public OpenWatch(string path)
    {
        _watch = Init(NonBlocking);
        if (_watch < 0 || Add(_watch, Encoding.UTF8.GetBytes(path + '\0'), AccessOrOpen) < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Whether it was touched since the last time this was asked.</summary>
    public bool WasTouched()
    {
        var events = new byte[4096];
        bool any = false;
        while (Read(_watch, events, events.Length) > 0)
            any = true;
        return any;
    }

    public void Dispose() => _ = Close(_watch);

    [DllImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static extern int Init(int flags);

    [DllImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true)]
    private static extern int Add(int watch, byte[] path, uint mask);

    [DllImport("libc", EntryPoint = "read", SetLastError = true)]
    private static extern nint Read(int file, byte[] buffer, nint size);

    [DllImport("libc", EntryPoint = "close", SetLastError = true)]
    private static extern int Close(int file);
}
