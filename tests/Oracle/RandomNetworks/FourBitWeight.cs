using System.Runtime.InteropServices;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Oracle.RandomNetworks;

/// <summary>A linear map in the form that com.microsoft's MatMulNBits reads: blocks of 32 weights, each with a scale, around 8.</summary>
internal sealed class FourBitWeight
{
    public const int Block = 32, Bits = 4;
    private const int Zero = 8, Largest = 7;

    /// <param name="weight">[from, to], float; from is a multiple of <see cref="Block"/>.</param>
    public FourBitWeight(GraphTensor weight)
    {
        int from = (int)weight.Dimensions[0], to = (int)weight.Dimensions[1], blocks = from / Block;
        if (from % Block != 0)
            throw new ArgumentException($"{weight.Name} has {from} inputs, no multiple of {Block}.", nameof(weight));
        ReadOnlySpan<float> values = MemoryMarshal.Cast<byte, float>(weight.Bytes.Span);
        var packed = new byte[to * blocks * Block / 2];
        var scales = new float[to * blocks];
        for (int output = 0; output < to; output++)
            for (int block = 0; block < blocks; block++)
            {
                float largest = 0;
                for (int i = 0; i < Block; i++)
                    largest = Math.Max(largest, Math.Abs(values[(((block * Block) + i) * to) + output]));
                int at = (output * blocks) + block;
                float scale = scales[at] = largest == 0 ? 1 : largest / Largest;
                for (int i = 0; i < Block; i++)
                {
                    int level = (int)MathF.Round(values[(((block * Block) + i) * to) + output] / scale) + Zero;
                    packed[(at * Block / 2) + (i / 2)] |= (byte)(level << (i % 2 * Bits)); // the earlier weight in the lower half
                }
            }
        Packed = GraphTensor.Of($"{weight.Name}_Q4", ElementType.Uint8, [to, blocks, Block / 2], packed);
        Scales = GraphTensor.Of($"{weight.Name}_scales", ElementType.Float, [(long)to * blocks], MemoryMarshal.AsBytes<float>(scales));
    }

    /// <summary>uint8 [to, blocks, 16].</summary>
    public GraphTensor Packed { get; }

    /// <summary>float [to * blocks].</summary>
    public GraphTensor Scales { get; }
}
