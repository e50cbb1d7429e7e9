using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Server;

/// <summary>NumPy's array format, version 1.0 (numpy.lib.format): magic, a Python dictionary, the numbers in row-major order.</summary>
internal static class NumpyFile
{
    private const int Alignment = 64;

    /// <param name="type">NumPy's type string, such as <c>&lt;f4</c>.</param>
    public static void WriteHeader(Stream output, string type, ReadOnlySpan<long> dimensions)
    {
        string shape = string.Join(", ", dimensions.ToArray()) + (dimensions.Length == 1 ? "," : "");
        string dictionary = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({shape}), }}";
        const int prefix = 10;
        int length = (prefix + dictionary.Length + 1 + Alignment - 1) / Alignment * Alignment - prefix;
        output.Write([0x93, .. "NUMPY"u8, 1, 0, (byte)length, (byte)(length >> 8)]);
        output.Write(Encoding.ASCII.GetBytes(dictionary.PadRight(length - 1) + "\n"));
    }

    /// <summary>Little endian, as all machines this runs on are.</summary>
    public static void Write<T>(Stream output, ReadOnlySpan<T> values) where T : unmanaged => output.Write(MemoryMarshal.AsBytes(values));
}
