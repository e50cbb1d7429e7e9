using System.Runtime.InteropServices;

namespace Streaming.Video.Sandboxing;

/// <summary>What a decoder process has no use for, by the numbers of the kernel's tables (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).</summary>
internal static class SystemCalls
{
    /// <summary>Not there on an architecture, because a newer call does the same.</summary>
    private const int None = -1;

    /// <summary>Other programs, other processes, other rights, the kernel itself, and changes to files and their names.</summary>
    private static readonly (int X64, int Arm64)[] Never =
    [
        (59, 221), (322, 281), (57, None), (58, None), // execve, execveat, fork, vfork
        (62, 129), (200, 130), (129, 138), (297, 240), (424, 424), // kill, tkill, rt_sigqueueinfo, rt_tgsigqueueinfo, pidfd_send_signal
        (101, 117), (310, 270), (311, 271), (434, 434), (438, 438), // ptrace, process_vm_readv, process_vm_writev, pidfd_open, pidfd_getfd
        (165, 40), (166, 39), (155, 41), (161, 51), (308, 268), (272, 97), // mount, umount2, pivot_root, chroot, setns, unshare
        (321, 280), (298, 241), (323, 282), (425, 425), (426, 426), (427, 427), // bpf, perf_event_open, userfaultfd, io_uring
        (248, 217), (249, 218), (250, 219), (246, 104), (175, 105), (313, 273), (176, 106), (169, 142), // keys, kexec_load, modules, reboot
        (303, 264), (304, 265), (160, 164), // name_to_handle_at, open_by_handle_at, setrlimit
        (85, None), (76, 45), (82, None), (264, 38), (316, 276), (87, None), (263, 35), (84, None), (83, None), (258, 34), // creat, truncate, rename, unlink, rmdir, mkdir
        (86, None), (265, 37), (88, None), (266, 36), (133, None), (259, 33), // link, symlink, mknod
        (90, None), (91, 52), (268, 53), (452, 452), (92, None), (93, 55), (94, None), (260, 54), // chmod, chown
    ];

    /// <summary>The network, which only cameras need: socket, socketpair, connect, bind, listen, accept, accept4, sendto, sendmsg, sendmmsg.</summary>
    private static readonly (int X64, int Arm64)[] Network =
        [(41, 198), (53, 199), (42, 203), (49, 200), (50, 201), (43, 202), (288, 242), (44, 206), (46, 211), (307, 269)];

    /// <summary>AUDIT_ARCH_X86_64 or AUDIT_ARCH_AARCH64; null: no table is known for this machine.</summary>
    public static uint? Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => 0xC000003E,
        System.Runtime.InteropServices.Architecture.Arm64 => 0xC00000B7,
        _ => null,
    };

    public static int Seccomp => Pick((317, 277));

    public static int Clone => Pick((56, 220));

    public static int Clone3 => Pick((435, 435));

    public static int Open => Pick((2, None));

    public static int OpenAt => Pick((257, 56));

    public static int OpenAt2 => Pick((437, 437));

    public static int ThreadKill => Pick((234, 131));

    public static int LimitProcess => Pick((302, 261));

    /// <param name="withNetwork">Whether the process reads from a camera.</param>
    public static IEnumerable<int> Refused(bool withNetwork) => (withNetwork ? Never : [.. Never, .. Network]).Select(Pick).Where(number => number != None);

    private static int Pick((int X64, int Arm64) numbers) => RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? numbers.Arm64 : numbers.X64;
}
