namespace Streaming.Video.Sandboxing;

/// <summary>
/// What a decoder process gives up before it reads the first byte of somebody's film: other files, the network (a camera's excepted),
/// other programs and processes, rights, and more than its share of memory. Whoever takes it over by a fault in a codec gets no further.
/// </summary>
public static class Sandbox
{
    /// <summary>Each of the two layers in words, and whether this machine has it.</summary>
    public static IReadOnlyList<(string Layer, bool IsThere)> Layers => [("seccomp (calls)", CallFilter.IsKnown), ("Landlock (files and network)", FileFence.Version > 0)];

    /// <summary>Enters it, as far as this machine has it. Everything that is to be read by name has to be open.</summary>
    /// <param name="isCamera">It goes on speaking to a camera, whose name has to be resolved and whose certificate may be looked at.</param>
    internal static void Enter(bool isCamera, DecodeLimits limits)
    {
        LibC.Limit(LimitedResource.Data, limits.MemoryBytes);
        // Threads reserve what they never use: twice as much may be mapped as may be written.
        LibC.Limit(LimitedResource.AddressSpace, MemoryWatch.AddressSpaceBytes() + 2 * limits.MemoryBytes);
        LibC.Limit(LimitedResource.FileSize, 0);
        LibC.Limit(LimitedResource.CoreDump, 0);
        if (!isCamera)
            LibC.Limit(LimitedResource.ProcessorSeconds, (long)limits.ProcessorTime.TotalSeconds);
        if (!LibC.GiveUpNewRights())
            return;
        FileFence.Enter(Readable(isCamera), isCamera);
        CallFilter.Enter(isCamera);
    }

    /// <summary>The program and its runtime, which loads its parts as they are needed, libraries, and what the kernel tells of this process.</summary>
    private static IEnumerable<string> Readable(bool isCamera)
    {
        string runtime = Path.GetDirectoryName(typeof(object).Assembly.Location) is { Length: > 0 } folder ? folder : AppContext.BaseDirectory;
        string[] always = [AppContext.BaseDirectory, runtime, "/usr/lib", "/usr/lib64", "/lib", "/lib64", "/usr/local/lib", $"/proc/{Environment.ProcessId}", "/sys/devices/system/cpu", "/dev/urandom"];
        return isCamera ? [.. always, "/etc", "/run/systemd/resolve", "/usr/share/ca-certificates"] : always;
    }
}
