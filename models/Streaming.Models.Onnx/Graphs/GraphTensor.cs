using System.Globalization;
using System.Runtime.InteropServices;

namespace Streaming.Models.Onnx.Graphs;

/// <summary>A constant of a graph, such as a weight: TensorProto of onnx.proto.</summary>
internal sealed record GraphTensor(IReadOnlyList<WireField> Fields)
{
    private const int DimensionField = 1, TypeField = 2, NameField = 8, BytesField = 9, ExternalField = 13, LocationField = 14;
    private const int KeyField = 1, ValueField = 2;
    private const long ExternalLocation = 1;

    /// <summary>Smaller tensors stay in the graph: sizes and axes, that the runtime wants to know while it loads.</summary>
    private const int LeastReferencedBytes = 1024;

    public string Name { get; } = Fields.Text(NameField);

    public ElementType Type => (ElementType)(Fields.Find(TypeField)?.Integer ?? 0);

    /// <summary>The elements in order, little endian; empty if they are not kept as bytes in the graph.</summary>
    public ReadOnlyMemory<byte> Bytes => Fields.Find(BytesField)?.Content ?? default;

    public long[] Dimensions => [.. Fields.Integers(DimensionField)];

    /// <param name="dimensions">None for a scalar.</param>
    public static GraphTensor Of(string name, long[] dimensions, params long[] values) =>
        Of(name, ElementType.Int64, dimensions, MemoryMarshal.AsBytes<long>(values));

    public static GraphTensor Of(string name, float scalar) => Of(name, ElementType.Float, [], MemoryMarshal.AsBytes<float>([scalar]));

    /// <param name="bytes">The elements in order, little endian.</param>
    public static GraphTensor Of(string name, ElementType type, long[] dimensions, ReadOnlySpan<byte> bytes) => new(
    [
        .. dimensions.Select(size => WireField.Of(DimensionField, size)),
        WireField.Of(TypeField, (long)type), WireField.Of(NameField, name), WireField.Of(BytesField, bytes),
    ]);

    /// <summary>A constant whose bytes, the elements in order, little endian, lie in a file beside the graph's.</summary>
    public static GraphTensor In(string file, long offset, long length, string name, ElementType type, long[] dimensions) => new(
    [
        .. dimensions.Select(size => WireField.Of(DimensionField, size)),
        WireField.Of(TypeField, (long)type), WireField.Of(NameField, name), .. External(file, offset, length),
    ]);

    /// <summary>The same constant with its bytes left in the file that it was read from, which is named as external data.</summary>
    public GraphTensor Referenced(string file)
    {
        if (Fields.Find(BytesField) is not { } bytes || bytes.Content.Length < LeastReferencedBytes
            || !MemoryMarshal.TryGetMemoryManager(bytes.Content, out MappedFile? _, out int offset, out int length))
            return this;
        return new GraphTensor([.. Fields.Where(field => field.Number is not (BytesField or LocationField)), .. External(file, offset, length)]);
    }

    private static IEnumerable<WireField> External(string file, long offset, long length) =>
    [
        Entry("location", file), Entry("offset", Number(offset)), Entry("length", Number(length)),
        WireField.Of(LocationField, ExternalLocation),
    ];

    private static WireField Entry(string key, string value) =>
        WireField.Of(ExternalField, [WireField.Of(KeyField, key), WireField.Of(ValueField, value)]);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>TensorProto.DataType of onnx.proto, as far as graphs of networks have it between their layers.</summary>
internal enum ElementType
{
    Unknown = 0,
    Float = 1,
    Uint8 = 2,
    Int64 = 7,
    Bool = 9,
    Float16 = 10,
    BFloat16 = 16,
}
