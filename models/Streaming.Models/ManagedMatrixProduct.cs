using System.Numerics;
using System.Runtime.InteropServices;

namespace Streaming.Models;

/// <summary>
/// Matrix products on the calling thread, without memory of their own. Four rows meet three at a time: each number that is loaded serves
/// several products, where a dot product by itself loads two for each multiplication and waits for memory.
/// </summary>
public sealed class ManagedMatrixProduct : IMatrixProduct
{
    private const int Tall = 4, Wide = 3;

    public static ManagedMatrixProduct Instance { get; } = new();

    /// <inheritdoc/>
    public void Gram(ReadOnlySpan<float> rows, int width, Span<float> products)
    {
        int count = rows.Length / width;
        ArgumentOutOfRangeException.ThrowIfNotEqual(rows.Length, count * width, nameof(rows));
        ArgumentOutOfRangeException.ThrowIfNotEqual(products.Length, count * count, nameof(products));
        Span<float> block = stackalloc float[Tall * Wide];
        for (int top = 0; top < count; top += Tall)
        {
            for (int left = 0; left < Math.Min(top + Tall, count); left += Wide)
            {
                Multiply(rows, width, count, top, left, block);
                for (int i = top; i < Math.Min(top + Tall, count); i++)
                {
                    for (int j = left; j < Math.Min(left + Wide, count); j++)
                        products[i * count + j] = products[j * count + i] = block[(i - top) * Wide + j - left];
                }
            }
        }
    }

    /// <summary>The products of four rows with three. Beyond the last row the last one stands in; nobody reads what comes of it.</summary>
    private static void Multiply(ReadOnlySpan<float> rows, int width, int count, int top, int left, Span<float> block)
    {
        ReadOnlySpan<float> a0 = Row(rows, width, count, top), a1 = Row(rows, width, count, top + 1), a2 = Row(rows, width, count, top + 2), a3 = Row(rows, width, count, top + 3);
        ReadOnlySpan<float> b0 = Row(rows, width, count, left), b1 = Row(rows, width, count, left + 1), b2 = Row(rows, width, count, left + 2);
        Vector<float> s00 = default, s01 = default, s02 = default, s10 = default, s11 = default, s12 = default;
        Vector<float> s20 = default, s21 = default, s22 = default, s30 = default, s31 = default, s32 = default;
        int end = width - width % Vector<float>.Count;
        for (int k = 0; k < end; k += Vector<float>.Count)
        {
            Vector<float> y0 = Load(b0, k), y1 = Load(b1, k), y2 = Load(b2, k), x = Load(a0, k);
            (s00, s01, s02) = (Vector.FusedMultiplyAdd(x, y0, s00), Vector.FusedMultiplyAdd(x, y1, s01), Vector.FusedMultiplyAdd(x, y2, s02));
            x = Load(a1, k);
            (s10, s11, s12) = (Vector.FusedMultiplyAdd(x, y0, s10), Vector.FusedMultiplyAdd(x, y1, s11), Vector.FusedMultiplyAdd(x, y2, s12));
            x = Load(a2, k);
            (s20, s21, s22) = (Vector.FusedMultiplyAdd(x, y0, s20), Vector.FusedMultiplyAdd(x, y1, s21), Vector.FusedMultiplyAdd(x, y2, s22));
            x = Load(a3, k);
            (s30, s31, s32) = (Vector.FusedMultiplyAdd(x, y0, s30), Vector.FusedMultiplyAdd(x, y1, s31), Vector.FusedMultiplyAdd(x, y2, s32));
        }
        (block[0], block[1], block[2]) = (Vector.Sum(s00), Vector.Sum(s01), Vector.Sum(s02));
        (block[3], block[4], block[5]) = (Vector.Sum(s10), Vector.Sum(s11), Vector.Sum(s12));
        (block[6], block[7], block[8]) = (Vector.Sum(s20), Vector.Sum(s21), Vector.Sum(s22));
        (block[9], block[10], block[11]) = (Vector.Sum(s30), Vector.Sum(s31), Vector.Sum(s32));
        for (int k = end; k < width; k++)
        {
            for (int cell = 0; cell < Tall * Wide; cell++)
                block[cell] += Row(rows, width, count, top + cell / Wide)[k] * Row(rows, width, count, left + cell % Wide)[k];
        }
    }

    private static ReadOnlySpan<float> Row(ReadOnlySpan<float> rows, int width, int count, int row) => rows.Slice(Math.Min(row, count - 1) * width, width);

    private static Vector<float> Load(ReadOnlySpan<float> row, int start) => Vector.LoadUnsafe(ref MemoryMarshal.GetReference(row), (nuint)start);
}
