using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Streaming.Video.Sandboxing;

namespace Streaming.Video.DecodeChild;

/// <summary>Enters the sandbox as a decoder process of a file does, tries what it forbids, and prints what could be done all the same.</summary>
internal static class Confined
{
    // A page whose address has nothing in its low half: a filter that looks at that half alone takes it for no address.
    private static readonly nint LowHalfEmpty = unchecked((nint)0x10_0000_0000);
    private const int ReadAndWrite = 3, PrivateAndOfNoFile = 0x22; // PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS
    private const int OpenFiles = 7; // RLIMIT_NOFILE

    /// <param name="film">Opened before, and read after.</param>
    /// <param name="other">A file that it has no business with.</param>
    /// <param name="port">Somebody listens there on the loopback.</param>
    /// <param name="parent">A process that is to live on.</param>
    public static int Run(string film, string other, int port, int parent)
    {
        using var file = File.OpenHandle(film);
        if (Map(LowHalfEmpty, (nuint)Environment.SystemPageSize, ReadAndWrite, PrivateAndOfNoFile, -1, 0) != LowHalfEmpty)
            throw new InvalidOperationException("the page for its parent's limits is taken");
        (string What, Action Do)[] forbidden =
        [
            ("open another file", () => File.OpenHandle(other).Dispose()),
            ("list a folder", () => _ = Directory.GetFiles(Path.GetDirectoryName(other)!).Length),
            ("write a file", () => File.WriteAllText(other + ".new", "x")),
            ("remove a file", () => File.Delete(other + ".kept")),
            ("make a folder", () => Directory.CreateDirectory(other + ".folder")),
            ("change a file's rights", () => Require(ChangeRights(other, 0))),
            ("link to a file", () => File.CreateSymbolicLink(other + ".link", other)),
            ("read its parent's environment", () => File.ReadAllBytes($"/proc/{parent}/environ")),
            ("start a program", () => Process.Start("/bin/true")!.WaitForExit()),
            ("stop its parent", () => Process.GetProcessById(parent).Kill()),
            ("leave its parent no file to open", () => Require(Limit(parent, OpenFiles, LowHalfEmpty, 0))),
            ("connect", () => new TcpClient().Connect(IPAddress.Loopback, port)),
            ("listen", () => new TcpListener(IPAddress.Loopback, 0).Start()),
            ("send", () => new UdpClient().Send([1], 1, new IPEndPoint(IPAddress.Loopback, port))),
            ("speak to a socket of the file system", () => new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified).Dispose()),
        ];
        // What the tries need of the runtime is loaded by now, so that they fail for no other reason.
        GC.KeepAlive(new[] { typeof(Process), typeof(TcpClient) });
        Sandbox.Enter(isCamera: false, new DecodeLimits());
        if (RandomAccess.Read(file, new byte[1], 0) != 1)
            Console.WriteLine("the film itself cannot be read");
        foreach (var (what, act) in forbidden)
        {
            try
            {
                act();
                Console.WriteLine(what);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or SocketException or System.ComponentModel.Win32Exception or InvalidOperationException or ArgumentException)
            {
                // As it should be.
            }
        }
        return 0;
    }

    private static void Require(int code)
    {
        if (code != 0)
            throw new System.ComponentModel.Win32Exception(Marshal.GetLastPInvokeError());
    }

    [DllImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static extern nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);

    [DllImport("libc", EntryPoint = "prlimit", SetLastError = true)]
    private static extern int Limit(int process, int resource, nint limit, nint before);

    [DllImport("libc", EntryPoint = "chmod", SetLastError = true)]
    private static extern int ChangeRights([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint rights);
}
