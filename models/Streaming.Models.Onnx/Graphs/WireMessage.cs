using System.Buffers.Binary;
using System.Text;

namespace Streaming.Models.Onnx.Graphs;

/// <summary>One field of a protobuf message, byte for byte as it stands in the file.</summary>
/// <param name="Raw">Tag, length and content.</param>
/// <param name="Content">The content alone: a varint's bytes, a fixed number's, or those of a string or message.</param>
internal readonly record struct WireField(int Number, ReadOnlyMemory<byte> Raw, ReadOnlyMemory<byte> Content)
{
    /// <summary>Wire types of the protobuf encoding, https://protobuf.dev/programming-guides/encoding/.</summary>
    internal const int Varint = 0, Fixed64 = 1, Delimited = 2, Fixed32 = 5;

    public string Text => Encoding.UTF8.GetString(Content.Span);

    public long Integer => WireMessage.ReadVarint(Content.Span, out _);

    public float Real => BinaryPrimitives.ReadSingleLittleEndian(Content.Span);

    public static WireField Of(int number, ReadOnlySpan<byte> content) => Of(number, Delimited, content);

    public static WireField Of(int number, string text) => Of(number, Encoding.UTF8.GetBytes(text));

    public static WireField Of(int number, IEnumerable<WireField> message) => Of(number, WireMessage.Write(message));

    public static WireField Of(int number, float value)
    {
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, value);
        return Of(number, Fixed32, bytes);
    }

    public static WireField Of(int number, long value)
    {
        Span<byte> bytes = stackalloc byte[WireMessage.LongestVarint];
        return Of(number, Varint, bytes[..WireMessage.WriteVarint(bytes, value)]);
    }

    private static WireField Of(int number, int type, ReadOnlySpan<byte> content)
    {
        Span<byte> head = stackalloc byte[2 * WireMessage.LongestVarint];
        int length = WireMessage.WriteVarint(head, (number << 3) | type);
        if (type == Delimited)
            length += WireMessage.WriteVarint(head[length..], content.Length);
        byte[] raw = [.. head[..length], .. content];
        return new WireField(number, raw, raw.AsMemory(length));
    }
}

/// <summary>Splits a protobuf message into its fields and joins them again; fields that nobody knows stay as they are.</summary>
internal static class WireMessage
{
    internal const int LongestVarint = 10;

    /// <exception cref="InvalidDataException">The bytes are no protobuf message.</exception>
    public static List<WireField> Read(ReadOnlyMemory<byte> message)
    {
        var fields = new List<WireField>();
        for (int start = 0; start < message.Length;)
        {
            var rest = message[start..];
            long tag = ReadVarint(rest.Span, out int head);
            int length = (int)(tag & 7) switch
            {
                WireField.Varint => VarintLength(rest.Span[head..]),
                WireField.Fixed64 => sizeof(long),
                WireField.Fixed32 => sizeof(int),
                WireField.Delimited => DelimitedLength(rest.Span, ref head),
                _ => throw Broken(),
            };
            if (tag >> 3 is <= 0 or > int.MaxValue || length > rest.Length - head)
                throw Broken();
            fields.Add(new WireField((int)(tag >> 3), rest[..(head + length)], rest.Slice(head, length)));
            start += head + length;
        }
        return fields;
    }

    public static byte[] Write(IEnumerable<WireField> fields)
    {
        var bytes = new MemoryStream();
        foreach (var field in fields)
            bytes.Write(field.Raw.Span);
        return bytes.ToArray();
    }

    /// <summary>The first field of a number; null if there is none.</summary>
    public static WireField? Find(this IEnumerable<WireField> fields, int number)
    {
        foreach (var field in fields)
            if (field.Number == number)
                return field;
        return null;
    }

    public static string Text(this IEnumerable<WireField> fields, int number) => fields.Find(number)?.Text ?? "";

    /// <summary>The integers of a repeated field, which may be packed into one entry or stand one by one.</summary>
    public static IEnumerable<long> Integers(this IEnumerable<WireField> fields, int number)
    {
        foreach (var field in fields.Where(field => field.Number == number))
            for (int start = 0; start < field.Content.Length;)
            {
                yield return ReadVarint(field.Content.Span[start..], out int length);
                start += length;
            }
    }

    internal static long ReadVarint(ReadOnlySpan<byte> bytes, out int length)
    {
        ulong value = 0;
        length = VarintLength(bytes);
        for (int i = length - 1; i >= 0; i--)
            value = (value << 7) | (bytes[i] & 0x7fu);
        return (long)value;
    }

    internal static int WriteVarint(Span<byte> bytes, long value)
    {
        int length = 0;
        ulong rest = (ulong)value;
        for (; rest > 0x7f; rest >>= 7)
            bytes[length++] = (byte)(rest | 0x80);
        bytes[length++] = (byte)rest;
        return length;
    }

    private static int VarintLength(ReadOnlySpan<byte> bytes)
    {
        for (int i = 0; i < Math.Min(bytes.Length, LongestVarint); i++)
            if (bytes[i] < 0x80)
                return i + 1;
        throw Broken();
    }

    private static int DelimitedLength(ReadOnlySpan<byte> bytes, ref int head)
    {
        long length = ReadVarint(bytes[head..], out int prefix);
        head += prefix;
        return length is >= 0 and <= int.MaxValue ? (int)length : throw Broken();
    }

    private static InvalidDataException Broken() => new("The file is no protobuf message.");
}
