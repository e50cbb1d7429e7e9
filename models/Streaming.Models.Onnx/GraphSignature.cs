using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Streaming.Models.Onnx;

/// <summary>A tensor that a graph must or may declare.</summary>
/// <param name="Dimensions">One per axis; null where the size is free.</param>
internal sealed record TensorRule(string Name, IReadOnlyList<TensorElementType> Types, IReadOnlyList<int?> Dimensions, bool Optional = false)
{
    public string? Violation(NodeMetadata? found)
    {
        if (found is null)
            return Optional ? null : $"{Name} is missing, expected {this}";
        bool shapeFits = found.Dimensions.Length == Dimensions.Count
            && found.Dimensions.Zip(Dimensions).All(axis => axis.First < 0 || axis.Second is null || axis.First == axis.Second);
        return shapeFits && Types.Contains(found.ElementDataType)
            ? null
            : $"{Name} is {found.ElementDataType} [{string.Join(", ", found.Dimensions)}], expected {this}";
    }

    public override string ToString() =>
        $"{string.Join(" or ", Types)} [{string.Join(", ", Dimensions.Select(size => size?.ToString() ?? "any"))}]";
}

/// <summary>Checks a session against what the service feeds and reads, tensor by tensor.</summary>
internal static class GraphSignature
{
    /// <exception cref="InvalidModelException">Lists every input and output that does not fit, and inputs that nobody would feed.</exception>
    public static void Require(InferenceSession session, string graph, IReadOnlyList<TensorRule> inputs, IReadOnlyList<TensorRule> outputs)
    {
        var faults = inputs.Select(rule => rule.Violation(session.InputMetadata.GetValueOrDefault(rule.Name)))
            .Concat(session.InputNames.Except(inputs.Select(rule => rule.Name)).Select(name => $"{name} is an input that is not known"))
            .Concat(outputs.Select(rule => rule.Violation(session.OutputMetadata.GetValueOrDefault(rule.Name))))
            .OfType<string>().ToList();
        if (faults.Count > 0)
            throw new InvalidModelException($"{graph} does not have the declared signature:\n  {string.Join("\n  ", faults)}");
    }
}
