namespace Streaming.Models.Onnx.Graphs;

/// <summary>An operation of a graph: NodeProto of onnx.proto.</summary>
/// <param name="Inputs">Names of tensors; "" where an optional one is left out.</param>
/// <param name="Outputs">Names of tensors; "" where an optional one is left out.</param>
/// <param name="Rest">Everything else, as it stands in the file.</param>
internal sealed record GraphNode(IReadOnlyList<string> Inputs, IReadOnlyList<string> Outputs, IReadOnlyList<WireField> Rest)
{
    /// <summary>The domain of the operators that ONNX Runtime adds to the standard's.</summary>
    public const string Contrib = "com.microsoft";

    private const int InputField = 1, OutputField = 2, NameField = 3, OperatorField = 4, AttributeField = 5, DomainField = 7;

    /// <summary>The operator; those of <see cref="Contrib"/> and of the standard share no names.</summary>
    public string Operator { get; } = Rest.Text(OperatorField);

    /// <summary>It runs one of several graphs inside it, as If and Loop do.</summary>
    public bool HasGraphs => Attributes.Any(attribute => attribute.HasGraphs);

    private IEnumerable<NodeAttribute> Attributes => Rest.Where(entry => entry.Number == AttributeField).Select(NodeAttribute.Read);

    public static GraphNode Read(ReadOnlyMemory<byte> message)
    {
        var fields = WireMessage.Read(message);
        return new GraphNode(
            [.. fields.Where(field => field.Number == InputField).Select(field => field.Text)],
            [.. fields.Where(field => field.Number == OutputField).Select(field => field.Text)],
            [.. fields.Where(field => field.Number is not (InputField or OutputField))]);
    }

    /// <summary>An operation of the standard with one output.</summary>
    public static GraphNode Of(string type, IReadOnlyList<string> inputs, string output, params NodeAttribute[] attributes) =>
        new(inputs, [output], Describe(type, output, attributes));

    /// <summary>An operation of <see cref="Contrib"/> with one output.</summary>
    public static GraphNode OfContrib(string type, IReadOnlyList<string> inputs, string output, params NodeAttribute[] attributes) =>
        new(inputs, [output], [.. Describe(type, output, attributes), WireField.Of(DomainField, Contrib)]);

    public bool Is(params ReadOnlySpan<string> types) => types.Contains(Operator);

    public string Input(int index) => index < Inputs.Count ? Inputs[index] : "";

    public string Output(int index) => index < Outputs.Count ? Outputs[index] : "";

    /// <summary>The value of an attribute; null if it is not set.</summary>
    public NodeAttribute? Attribute(string name) => Attributes.FirstOrDefault(attribute => attribute.Name == name);

    /// <summary>The same operation with an attribute set to another value.</summary>
    public GraphNode With(NodeAttribute changed) => this with
    {
        Rest = [.. Rest.Where(field => field.Number != AttributeField || NodeAttribute.Read(field).Name != changed.Name), Field(changed)],
    };

    public WireField ToField(int number) => WireField.Of(
        number, [.. Inputs.Select(name => WireField.Of(InputField, name)), .. Outputs.Select(name => WireField.Of(OutputField, name)), .. Rest]);

    private static List<WireField> Describe(string type, string output, NodeAttribute[] attributes) =>
        [WireField.Of(NameField, $"{output}/{type}"), WireField.Of(OperatorField, type), .. attributes.Select(Field)];

    private static WireField Field(NodeAttribute attribute) => WireField.Of(AttributeField, attribute.Fields);
}

/// <summary>A setting of an operation: AttributeProto of onnx.proto.</summary>
internal sealed record NodeAttribute(IReadOnlyList<WireField> Fields)
{
    private const int NameField = 1, RealField = 2, IntegerField = 3, GraphField = 6, IntegersField = 8, GraphsField = 11, TypeField = 20;
    private const long RealType = 1, IntegerType = 2, IntegersType = 7;

    public string Name { get; } = Fields.Text(NameField);

    public long Integer => Fields.Find(IntegerField)?.Integer ?? 0;

    public float Real => Fields.Find(RealField)?.Real ?? 0;

    public bool HasGraphs => Fields.Any(entry => entry.Number is GraphField or GraphsField);

    public static NodeAttribute Read(WireField field) => new(WireMessage.Read(field.Content));

    public static NodeAttribute Of(string name, long value) =>
        new([WireField.Of(NameField, name), WireField.Of(TypeField, IntegerType), WireField.Of(IntegerField, value)]);

    public static NodeAttribute Of(string name, float value) =>
        new([WireField.Of(NameField, name), WireField.Of(TypeField, RealType), WireField.Of(RealField, value)]);

    public static NodeAttribute Of(string name, long[] values) =>
        new([WireField.Of(NameField, name), WireField.Of(TypeField, IntegersType), .. values.Select(value => WireField.Of(IntegersField, value))]);
}
