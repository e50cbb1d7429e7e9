namespace Streaming.Oracle.RandomNetworks;

/// <summary>The precisions in which graphs are published; transformers.js calls them fp32, fp16, q4 and q4f16.</summary>
public enum Precision
{
    Single,

    /// <summary>Weights, cache and logits in half precision; embeddings come in as floats and are cast.</summary>
    Half,

    /// <summary>Linear maps as MatMulNBits with 4 bits a weight, all else as floats.</summary>
    FourBit,

    /// <summary>Linear maps of 4 bits, all else in half precision.</summary>
    FourBitHalf,
}

public static class PrecisionNames
{
    /// <summary>The name by transformers.js.</summary>
    public static string Dtype(this Precision precision) => precision switch
    {
        Precision.Single => "fp32",
        Precision.Half => "fp16",
        Precision.FourBit => "q4",
        _ => "q4f16",
    };
}
