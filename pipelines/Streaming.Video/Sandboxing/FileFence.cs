using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video.Sandboxing;

/// <summary>A fence around the files that the calling thread and those it starts can open (landlock(7)); what is open stays open.</summary>
internal static unsafe partial class FileFence
{
    private const int Create = 444, AddRule = 445, Restrict = 446; // The same numbers everywhere.
    private const int AskVersion = 1; // LANDLOCK_CREATE_RULESET_VERSION
    private const int PathBeneath = 1; // LANDLOCK_RULE_PATH_BENEATH
    private const ulong Read = (1 << 2) | (1 << 3); // LANDLOCK_ACCESS_FS_READ_FILE, _READ_DIR
    private const ulong ReadFile = 1 << 2;
    private const ulong Tcp = 3; // LANDLOCK_ACCESS_NET_BIND_TCP, _CONNECT_TCP

    // Accesses that a fence can be about, by the version that brought them: 13 at first, then refer, truncate and ioctl.
    private static readonly (int Version, ulong Access)[] Accesses = [(1, (1 << 13) - 1), (2, 1 << 13), (3, 1 << 14), (5, 1 << 15)];

    private const int TcpSince = 4;

    /// <summary>Of landlock's interface; 0: the kernel has none, or it is switched off.</summary>
    public static int Version => Math.Max(0, (int)LibC.Call(Create, 0, 0, AskVersion));

    /// <summary>From now on this thread reads below these folders and files only, and writes nowhere.</summary>
    /// <param name="withNetwork">False: it also neither calls nor listens.</param>
    /// <returns>False: this machine cannot.</returns>
    public static bool Enter(IEnumerable<string> readable, bool withNetwork)
    {
        int version = Version;
        if (version == 0)
            return false;
        var about = new RuleSet
        {
            Files = Accesses.Where(access => access.Version <= version).Aggregate(0UL, (all, access) => all | access.Access),
            Network = withNetwork || version < TcpSince ? 0 : Tcp,
        };
        int made = (int)LibC.Call(Create, (nint)(&about), version < TcpSince ? sizeof(ulong) : sizeof(RuleSet), 0);
        if (made < 0)
            return false;
        using var rules = new SafeFileHandle(made, ownsHandle: true);
        foreach (string path in readable)
            Add(made, path);
        return LibC.Call(Restrict, made, 0, 0) == 0;
    }

    /// <summary>What is not there needs no rule.</summary>
    private static void Add(int rules, string path)
    {
        using SafeFileHandle? place = LibC.OpenPath(path);
        if (place is null)
            return;
        var rule = new Rule { Access = Directory.Exists(path) ? Read : ReadFile, Place = (int)place.DangerousGetHandle() };
        if (Call(AddRule, rules, PathBeneath, (nint)(&rule), 0) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>A system call of four arguments.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint first, nint second, nint third, nint fourth);

    /// <summary>struct landlock_ruleset_attr.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct RuleSet
    {
        internal ulong Files;
        internal ulong Network;
    }

    /// <summary>struct landlock_path_beneath_attr.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Rule
    {
        internal ulong Access;
        internal int Place;
    }
}
