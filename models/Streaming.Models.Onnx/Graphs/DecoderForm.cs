namespace Streaming.Models.Onnx.Graphs;

/// <summary>What a decoder does with rows of different lengths.</summary>
internal enum DecoderForm
{
    /// <summary>com.microsoft's GroupQueryAttention: a row ends where its mask does, and past and present may be one tensor.</summary>
    Fused,

    /// <summary>Operators of the standard: the mask hides whatever it is 0 for.</summary>
    Plain,

    /// <summary>Neither is known of it.</summary>
    Other,
}

internal static class DecoderForms
{
    public static DecoderForm Of(OnnxGraph graph)
    {
        string[] attention = [.. graph.Nodes.Select(node => node.Operator).Where(name => name.Contains("Attention", StringComparison.Ordinal)).Distinct()];
        return attention switch
        {
            [] => DecoderForm.Plain,
            ["GroupQueryAttention"] => DecoderForm.Fused,
            _ => DecoderForm.Other,
        };
    }

    /// <param name="path">A .onnx file.</param>
    /// <exception cref="InvalidDataException">It is no graph.</exception>
    public static DecoderForm Of(string path)
    {
        using var file = new MappedFile(path);
        return Of(OnnxGraph.Read(file.Memory));
    }
}
