namespace Streaming.Attacks.Media;

/// <summary>A piece of a container's tree: a box of mp4, an element of Matroska, a chunk of RIFF, or a packet of MPEG-TS.</summary>
/// <param name="Id">As it stands in the file.</param>
/// <param name="Prefix">What stands before the pieces inside, such as the kind of a RIFF list.</param>
/// <param name="Payload">Null: it holds other pieces.</param>
public sealed record Chunk(byte[] Id, byte[] Prefix, byte[]? Payload, List<Chunk> Inside)
{
    /// <summary>What its head says of its size instead of the truth; null: the truth.</summary>
    public ulong? Lie { get; init; }

    public static Chunk Leaf(byte[] id, byte[] payload) => new(id, [], payload, []);

    /// <summary>What stands after its head, in the form it is written in.</summary>
    public byte[] Body(IContainerForm form)
    {
        if (Payload is { } payload)
            return payload;
        using var body = new MemoryStream();
        body.Write(Prefix);
        foreach (Chunk inside in Inside)
            form.Write(body, inside);
        return body.ToArray();
    }

    /// <summary>Itself and all inside it.</summary>
    public IEnumerable<Chunk> All() => Inside.SelectMany(chunk => chunk.All()).Prepend(this);
}

/// <summary>How a kind of container is taken apart and put together again; putting together what was taken apart gives the same film.</summary>
public interface IContainerForm
{
    /// <summary>The pieces of a file; what is none is a piece of its own, so that nothing is lost.</summary>
    List<Chunk> Parse(ReadOnlySpan<byte> file);

    void Write(Stream target, Chunk chunk);
}
