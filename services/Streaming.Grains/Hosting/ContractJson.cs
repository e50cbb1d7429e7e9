using System.Text.Json;
using System.Text.Json.Serialization;
using Streaming.Contracts;

namespace Streaming.Grains.Hosting;

/// <summary>
/// How the contract's records go from machine to machine: as the JSON that the API knows, in which what one side does not know is passed
/// over, so that machines of two versions understand each other while one is replaced by the other.
/// </summary>
internal static class ContractJson
{
    internal static JsonSerializerOptions Options { get; } = new() { Converters = { new OutcomeJson() } };

    internal static bool Covers(Type type) => type.Assembly == typeof(IStreamDirectory).Assembly;

    /// <summary>A value, or the problem in its place: <c>{"Value":…}</c> or <c>{"Problem":…}</c>.</summary>
    private sealed class OutcomeJson : JsonConverterFactory
    {
        public override bool CanConvert(Type typeToConvert) => typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(Outcome<>);

        public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
            (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;
    }

    private sealed record Either<T>(T? Value, Problem? Problem);

    private sealed class Converter<T> : JsonConverter<Outcome<T>>
        where T : class
    {
        public override Outcome<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            JsonSerializer.Deserialize<Either<T>>(ref reader, options) switch
            {
                { Value: { } value } => value,
                { Problem: { } problem } => problem,
                _ => throw new JsonException("an outcome is a value or a problem"),
            };

        public override void Write(Utf8JsonWriter writer, Outcome<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, new Either<T>(value.Value, value.Problem), options);
    }
}
