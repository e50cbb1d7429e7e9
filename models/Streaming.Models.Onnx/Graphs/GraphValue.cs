namespace Streaming.Models.Onnx.Graphs;

/// <summary>What a graph says about a tensor that goes in, comes out or flows inside: ValueInfoProto of onnx.proto.</summary>
internal sealed record GraphValue(IReadOnlyList<WireField> Fields)
{
    private const int NameField = 1, TypeField = 2;
    private const int TensorField = 1;
    private const int ElementField = 1, ShapeField = 2;
    private const int DimensionField = 1;
    private const int SizeField = 1, SizeNameField = 2;

    public string Name { get; } = Fields.Text(NameField);

    public ElementType Type => (ElementType)(Tensor.Find(ElementField)?.Integer ?? 0);

    /// <summary>Sizes of the axes, -1 where one is free; empty if the graph does not say.</summary>
    public long[] Dimensions => Tensor.Find(ShapeField) is { } shape
        ? [.. WireMessage.Read(shape.Content).Where(entry => entry.Number == DimensionField)
            .Select(axis => WireMessage.Read(axis.Content).Find(SizeField)?.Integer ?? -1)]
        : [];

    private List<WireField> Tensor => Fields.Find(TypeField) is { } type && WireMessage.Read(type.Content).Find(TensorField) is { } tensor
        ? WireMessage.Read(tensor.Content)
        : [];

    public static GraphValue Read(WireField field) => new(WireMessage.Read(field.Content));

    /// <summary>A tensor whose shape the runtime works out by itself.</summary>
    public static GraphValue Of(string name, ElementType type) => Of(name, type, shape: null);

    /// <summary>A tensor of this one's first axes under another name and of another type.</summary>
    public GraphValue Like(string name, ElementType type, int axes = int.MaxValue) => Of(
        name, type, Tensor.Find(ShapeField) is { } shape ? WireField.Of(ShapeField, WireMessage.Read(shape.Content).Take(axes)) : null);

    /// <summary>The same tensor with the size of one axis known.</summary>
    public GraphValue WithAxis(int axis, long size)
    {
        if (Tensor.Find(ShapeField) is not { } shape)
            return this;
        var axes = WireMessage.Read(shape.Content).Select((entry, index) => index == axis ? Axis(size) : entry);
        return Of(Name, Type, WireField.Of(ShapeField, axes));
    }

    /// <param name="axes">The size of each axis, or the name of one that is free.</param>
    public static GraphValue Of(string name, ElementType type, IEnumerable<object> axes) => Of(name, type, WireField.Of(ShapeField, axes.Select(Axis)));

    private static WireField Axis(object size) =>
        WireField.Of(DimensionField, [size is long known ? WireField.Of(SizeField, known) : WireField.Of(SizeNameField, (string)size)]);

    private static GraphValue Of(string name, ElementType type, WireField? shape)
    {
        WireField[] tensor = shape is { } axes ? [WireField.Of(ElementField, (long)type), axes] : [WireField.Of(ElementField, (long)type)];
        return new GraphValue(
            [WireField.Of(NameField, name), WireField.Of(TypeField, [WireField.Of(TensorField, tensor)])]);
    }
}
