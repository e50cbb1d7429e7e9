using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Streaming.Server;

/// <summary>A float32 array read from NumPy's format, versions 1 to 3 (numpy.lib.format), in row-major order.</summary>
internal sealed partial record NumpyArray(int[] Shape, float[] Values)
{
    /// <summary>Longest header that is read: NumPy itself writes a few hundred bytes.</summary>
    private const int LongestHeader = 64 * 1024;

    /// <exception cref="InvalidDataException">It is no such file, or holds other numbers than little-endian float32 in row-major order.</exception>
    public static NumpyArray Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        int[] shape = ReadShape(file);
        long count = shape.Aggregate(1L, (product, length) => checked(product * length)), bytes = file.Length - file.Position;
        if (bytes != count * sizeof(float))
            throw new InvalidDataException($"the header announces {count} numbers, {bytes / sizeof(float)} follow");
        if (count > Array.MaxLength)
            throw new InvalidDataException($"it holds {count} numbers, at most {Array.MaxLength} are read");
        var values = new float[count];
        file.ReadExactly(MemoryMarshal.AsBytes(values.AsSpan()));
        return new NumpyArray(shape, values);
    }

    private static int[] ReadShape(FileStream file)
    {
        Span<byte> start = stackalloc byte[12];
        if (file.ReadAtLeast(start[..10], 10, throwOnEndOfStream: false) < 10 || start[0] != 0x93 || !start[1..6].SequenceEqual("NUMPY"u8))
            throw new InvalidDataException("it is no NumPy array");
        long length = BinaryPrimitives.ReadUInt16LittleEndian(start[8..]);
        if (start[6] >= 2)
        {
            file.ReadExactly(start[10..]);
            length = BinaryPrimitives.ReadUInt32LittleEndian(start[8..]);
        }
        if (length > LongestHeader || length > file.Length - file.Position)
            throw new InvalidDataException("its header is cut off or too long");
        var header = new byte[length];
        file.ReadExactly(header);
        return ParseShape(Encoding.UTF8.GetString(header));
    }

    private static int[] ParseShape(string header)
    {
        if (!header.Contains("'fortran_order': False", StringComparison.Ordinal))
            throw new InvalidDataException("it is not in row-major order; write it with numpy.ascontiguousarray");
        if (!header.Contains("'descr': '<f4'", StringComparison.Ordinal))
            throw new InvalidDataException("it does not hold float32; convert it with .astype(numpy.float32)");
        Match shape = ShapeTuple().Match(header);
        string[] lengths = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        int[] parsed = [.. lengths.Select(text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int length) ? length : -1)];
        return shape.Success && !parsed.Contains(-1) ? parsed : throw new InvalidDataException("its header has no shape");
    }

    [GeneratedRegex(@"'shape': \(([0-9, ]*)\)")]
    private static partial Regex ShapeTuple();
}
