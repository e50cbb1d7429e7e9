using System.Runtime.InteropServices;

namespace Streaming.Models.Onnx.Tests;

/// <summary>NVIDIA's driver with one device, as native functions. What it does is set before it is opened; one test at a time.</summary>
internal static unsafe class PlayedDriver
{
    /// <summary>What CUDA counts as 1; it knows no other.</summary>
    public const int Number = 1;

    private const int CudaDevice = 8, NoSuchDevice = 101, NotFound = 6; // CUDA_ERROR_INVALID_DEVICE, NVML_ERROR_NOT_FOUND
    private const nint Handle = 0x1234;

    private static ReadOnlySpan<byte> Uuid => [0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde, 0xf0, 1, 2, 3, 4, 5, 6, 7, 8];

    /// <summary>What its management library calls the device.</summary>
    public static string Name { get; set; } = "";

    public static ulong Used { get; set; }

    public static ulong Total { get; set; }

    /// <summary>What asking for the memory returns.</summary>
    public static int Result { get; set; }

    public static int Begun { get; private set; }

    public static int Ended { get; private set; }

    public static IReadOnlyDictionary<string, nint> Functions { get; } = new Dictionary<string, nint>
    {
        ["libcuda.so.1 cuInit"] = (nint)(delegate* unmanaged<uint, int>)&Initialize,
        ["libcuda.so.1 cuDeviceGet"] = (nint)(delegate* unmanaged<int*, int, int>)&GetDevice,
        ["libcuda.so.1 cuDeviceGetUuid_v2"] = (nint)(delegate* unmanaged<byte*, int, int>)&GetUuid,
        ["libnvidia-ml.so.1 nvmlInit_v2"] = (nint)(delegate* unmanaged<int>)&Begin,
        ["libnvidia-ml.so.1 nvmlShutdown"] = (nint)(delegate* unmanaged<int>)&End,
        ["libnvidia-ml.so.1 nvmlDeviceGetHandleByUUID"] = (nint)(delegate* unmanaged<byte*, nint*, int>)&GetHandle,
        ["libnvidia-ml.so.1 nvmlDeviceGetMemoryInfo"] = (nint)(delegate* unmanaged<nint, ulong*, int>)&GetMemoryInfo,
    };

    public static void Reset(string name) => (Name, Used, Total, Result, Begun, Ended) = (name, 6UL << 30, 8UL << 30, 0, 0, 0);

    [UnmanagedCallersOnly]
    private static int Initialize(uint flags) => (int)flags;

    [UnmanagedCallersOnly]
    private static int GetDevice(int* device, int number)
    {
        *device = CudaDevice;
        return number == Number ? 0 : NoSuchDevice;
    }

    [UnmanagedCallersOnly]
    private static int GetUuid(byte* uuid, int device)
    {
        Uuid.CopyTo(new Span<byte>(uuid, Uuid.Length));
        return device == CudaDevice ? 0 : NoSuchDevice;
    }

    [UnmanagedCallersOnly]
    private static int Begin()
    {
        Begun++;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int End()
    {
        Ended++;
        return 0;
    }

    [UnmanagedCallersOnly]
    private static int GetHandle(byte* name, nint* device)
    {
        *device = Handle;
        return Marshal.PtrToStringUTF8((nint)name) == Name ? 0 : NotFound;
    }

    /// <param name="memory">Total, free and used bytes (nvmlMemory_t).</param>
    [UnmanagedCallersOnly]
    private static int GetMemoryInfo(nint device, ulong* memory)
    {
        (memory[0], memory[1], memory[2]) = (Total, Total - Used, Used);
        return device == Handle ? Result : NotFound;
    }
}
