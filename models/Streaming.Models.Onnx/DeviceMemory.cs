using System.Runtime.InteropServices;

namespace Streaming.Models.Onnx;

/// <summary>What is used of a device's memory, by all programs, and how much there is.</summary>
public readonly record struct DeviceMemoryUse(long UsedBytes, long TotalBytes);

/// <summary>
/// The memory of the CUDA device that networks run on, asked of NVIDIA's management library. CUDA counts devices in another order than
/// that library, and only those that the process may see: the device is found by its UUID, which a part of one (MIG) has too.
/// </summary>
public sealed class DeviceMemory : IDisposable
{
    private const string Cuda = "libcuda.so.1", Management = "libnvidia-ml.so.1";
    private const int UuidBytes = 16;

    private readonly nint _device;
    private readonly GetMemoryInfo _read;
    private readonly NoArgument _shutDown;
    private readonly Lock _gate = new();
    private bool _isShutDown;

    private DeviceMemory(nint device, GetMemoryInfo read, NoArgument shutDown) => (_device, _read, _shutDown) = (device, read, shutDown);

    /// <summary>Bytes; what is used and what is free are all of it together.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal readonly record struct Memory(ulong Total, ulong Free, ulong Used); // nvmlMemory_t

    /// <summary>Where a native function lies; 0: there is no such library, or no such function in it.</summary>
    internal delegate nint Symbol(string library, string name);

    // CUresult and nvmlReturn_t are 0 where all is well.
    internal delegate int NoArgument(); // nvmlInit_v2, nvmlShutdown

    internal delegate int Initialize(uint flags); // cuInit

    internal delegate int GetDevice(out int device, int number); // cuDeviceGet

    internal delegate int GetUuid([Out, MarshalAs(UnmanagedType.LPArray, SizeConst = UuidBytes)] byte[] uuid, int device); // cuDeviceGetUuid_v2

    internal delegate int GetHandle([MarshalAs(UnmanagedType.LPStr)] string uuid, out nint device); // nvmlDeviceGetHandleByUUID

    internal delegate int GetMemoryInfo(nint device, out Memory memory); // nvmlDeviceGetMemoryInfo

    /// <summary>Null where the driver does not tell.</summary>
    public DeviceMemoryUse? Use
    {
        get
        {
            lock (_gate)
                return !_isShutDown && _read(_device, out Memory memory) == 0 ? new DeviceMemoryUse((long)memory.Used, (long)memory.Total) : null;
        }
    }

    /// <summary>The memory of a CUDA device; null where its driver's libraries are not there or do not know it.</summary>
    /// <param name="number">As CUDA counts.</param>
    internal static DeviceMemory? Open(int number) => Open(number, Exported);

    internal static DeviceMemory? Open(int number, Symbol symbol)
    {
        if (UuidOf(number, symbol) is not { } uuid
            || Bind<NoArgument>(symbol, Management, "nvmlInit_v2") is not { } begin
            || Bind<NoArgument>(symbol, Management, "nvmlShutdown") is not { } end
            || Bind<GetHandle>(symbol, Management, "nvmlDeviceGetHandleByUUID") is not { } find
            || Bind<GetMemoryInfo>(symbol, Management, "nvmlDeviceGetMemoryInfo") is not { } read
            || begin() != 0)
            return null;
        if (find($"GPU-{uuid}", out nint device) == 0 || find($"MIG-{uuid}", out device) == 0)
            return new DeviceMemory(device, read, end);
        end();
        return null;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            if (!_isShutDown)
                _shutDown();
            _isShutDown = true;
        }
    }

    private static string? UuidOf(int number, Symbol symbol)
    {
        var uuid = new byte[UuidBytes];
        return Bind<Initialize>(symbol, Cuda, "cuInit") is { } begin && Bind<GetDevice>(symbol, Cuda, "cuDeviceGet") is { } get && Bind<GetUuid>(symbol, Cuda, "cuDeviceGetUuid_v2") is { } tell
            && begin(0) == 0 && get(out int device, number) == 0 && tell(uuid, device) == 0
            ? new Guid(uuid, bigEndian: true).ToString("D")
            : null;
    }

    private static T? Bind<T>(Symbol symbol, string library, string name)
        where T : Delegate => symbol(library, name) is var address and not 0 ? Marshal.GetDelegateForFunctionPointer<T>(address) : null;

    private static nint Exported(string library, string name) =>
        NativeLibrary.TryLoad(library, out nint handle) && NativeLibrary.TryGetExport(handle, name, out nint address) ? address : 0;
}
