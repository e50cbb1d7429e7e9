using System.Runtime.InteropServices;

namespace Streaming.Video.Sandboxing;

/// <summary>
/// A filter of system calls (seccomp(2), mode filter) for every thread of this process, those to come included. What it refuses fails with
/// an error, so that FFmpeg and the runtime go on.
/// </summary>
internal static unsafe class CallFilter
{
    private const int NotPermitted = 1, AccessDenied = 13, NotImplemented = 38; // EPERM, EACCES, ENOSYS
    private const uint Allow = 0x7fff0000, Fail = 0x00050000; // SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
    private const int SetModeFilter = 1, GetActionAvailable = 2; // SECCOMP_SET_MODE_FILTER, SECCOMP_GET_ACTION_AVAIL
    private const int AllThreads = 1; // SECCOMP_FILTER_FLAG_TSYNC
    private const uint OtherTable = 0x40000000; // __X32_SYSCALL_BIT
    private const uint CloneThread = 0x10000; // CLONE_THREAD: a thread, and no process
    private const uint OpensToWrite = 0x1 | 0x2 | 0x40 | 0x200 | 0x400; // O_WRONLY, O_RDWR, O_CREAT, O_TRUNC, O_APPEND

    // struct seccomp_data: the call's number, the architecture, the low half of argument n and its high half.
    private const uint Number = 0, Architecture = 4;

    private static uint Low(int argument) => 16 + 8 * (uint)argument;

    private static uint High(int argument) => Low(argument) + 4;

    /// <summary>Whether the kernel filters calls and their numbers are known.</summary>
    public static bool IsKnown
    {
        get
        {
            uint action = Fail;
            return SystemCalls.Architecture is not null && LibC.Call(SystemCalls.Seccomp, GetActionAvailable, 0, (nint)(&action)) == 0;
        }
    }

    /// <returns>False: this machine cannot.</returns>
    public static bool Enter(bool withNetwork)
    {
        if (SystemCalls.Architecture is not { } architecture)
            return false;
        Instruction[] program = [.. Program(architecture, withNetwork)];
        fixed (Instruction* first = program)
        {
            var whole = new WholeProgram { Length = (ushort)program.Length, First = first };
            return LibC.Call(SystemCalls.Seccomp, SetModeFilter, AllThreads, (nint)(&whole)) == 0;
        }
    }

    private static IEnumerable<Instruction> Program(uint architecture, bool withNetwork) =>
    [
        Load(Architecture), .. Unless(architecture, NotPermitted), Load(Number),
        new(Opcode.JumpIfAtLeast, 0, 1, OtherTable), Refuse(NotPermitted),
        .. SystemCalls.Refused(withNetwork).SelectMany(call => new[] { If(call, 1), Refuse(NotPermitted) }),
        // The C library then takes the older calls, whose flags can be seen.
        If(SystemCalls.Clone3, 1), Refuse(NotImplemented), If(SystemCalls.OpenAt2, 1), Refuse(NotImplemented),
        .. Where(SystemCalls.Clone, 0, [new(Opcode.JumpIfAnyBit, 1, 0, CloneThread), Refuse(NotPermitted)]),
        .. Where(SystemCalls.OpenAt, 2, [new(Opcode.JumpIfAnyBit, 0, 1, OpensToWrite), Refuse(AccessDenied)]),
        .. SystemCalls.Open < 0 ? [] : Where(SystemCalls.Open, 1, [new(Opcode.JumpIfAnyBit, 0, 1, OpensToWrite), Refuse(AccessDenied)]),
        .. Where(SystemCalls.ThreadKill, 0, [.. Unless((uint)Environment.ProcessId, NotPermitted)]),
        .. Where(SystemCalls.LimitProcess, 2, [.. Unless(0, NotPermitted), Load(High(2)), .. Unless(0, NotPermitted)]),
        new(Opcode.Return, 0, 0, Allow),
    ];

    /// <summary>Looks at an argument of one call, and then at the number again.</summary>
    private static IEnumerable<Instruction> Where(int call, int argument, Instruction[] then) => [If(call, then.Length + 1), Load(Low(argument)), .. then, Load(Number)];

    /// <summary>Refuses unless the loaded word is this.</summary>
    private static Instruction[] Unless(uint word, int error) => [new(Opcode.JumpIfEqual, 1, 0, word), Refuse(error)];

    private static Instruction If(int call, int elseSkip) => new(Opcode.JumpIfEqual, 0, (byte)elseSkip, (uint)call);

    private static Instruction Load(uint offset) => new(Opcode.LoadWord, 0, 0, offset);

    private static Instruction Refuse(int error) => new(Opcode.Return, 0, 0, Fail | (uint)error);

    /// <summary>Of classic BPF.</summary>
    private enum Opcode : ushort { LoadWord = 0x20, JumpIfEqual = 0x15, JumpIfAtLeast = 0x35, JumpIfAnyBit = 0x45, Return = 0x06 }

    /// <summary>struct sock_filter: how many instructions to skip if it holds, and if not.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private readonly record struct Instruction(Opcode Code, byte SkipIf, byte SkipElse, uint Word);

    /// <summary>struct sock_fprog.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct WholeProgram
    {
        internal ushort Length;
        internal Instruction* First;
    }
}
