using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Streaming.Video.Sandboxing;

namespace Streaming.Video.DecodeChild;

/// <summary>Enters the sandbox as a decoder process of a file does, tries what it forbids, and prints what could be done all the same.</summary>
internal static class Confined
{
    /// <param name="film">Opened before, and read after.</param>
    /// <param name="other">A file that it has no business with.</param>
    /// <param name="port">Somebody listens there on the loopback.</param>
    /// <param name="parent">A process that is to live on.</param>
    public static int Run(string film, string other, int port, int parent)
    {
        using var file = File.OpenHandle(film);
        (string What, Action Do)[] forbidden =
        [
            ("open another file", () => File.OpenHandle(other).Dispose()),
            ("list a folder", () => _ = Directory.GetFiles(Path.GetDirectoryName(other)!).Length),
            ("write a file", () => File.WriteAllText(other + ".new", "x")),
            ("remove a file", () => File.Delete(other + ".kept")),
            ("make a folder", () => Directory.CreateDirectory(other + ".folder")),
            ("link to a file", () => File.CreateSymbolicLink(other + ".link", other)),
            ("read its parent's environment", () => File.ReadAllBytes($"/proc/{parent}/environ")),
            ("start a program", () => Process.Start("/bin/true")!.WaitForExit()),
            ("stop its parent", () => Process.GetProcessById(parent).Kill()),
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
}
