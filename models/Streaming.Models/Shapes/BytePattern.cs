using System.Text;

namespace Streaming.Models.Shapes;

/// <summary>A set of byte strings, put together from smaller ones as regular expressions are. Immutable.</summary>
internal abstract record BytePattern
{
    public static BytePattern Exactly(string text) => new Bytes(Encoding.UTF8.GetBytes(text));

    /// <summary>One byte out of a range.</summary>
    public static BytePattern From(int first, int last) => new Range((byte)first, (byte)last);

    /// <summary>One of these characters, all ASCII.</summary>
    public static BytePattern AnyOf(string characters) => Either([.. characters.Select(c => From(c, c))]);

    public static BytePattern InTurn(params BytePattern[] parts) => new Sequence(parts);

    public static BytePattern Either(params BytePattern[] ways) => new Choice(ways);

    /// <param name="most">Null: any number.</param>
    public BytePattern Repeated(int least, int? most) => new Repeat(this, least, most);

    public BytePattern OrNothing() => Repeated(0, 1);

    public sealed record Bytes(byte[] Content) : BytePattern;

    public sealed record Range(byte First, byte Last) : BytePattern;

    public sealed record Sequence(IReadOnlyList<BytePattern> Parts) : BytePattern;

    public sealed record Choice(IReadOnlyList<BytePattern> Ways) : BytePattern;

    public sealed record Repeat(BytePattern Part, int Least, int? Most) : BytePattern;
}
