using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Server.Films;

/// <summary>
/// The binary form of a film's keyframes and tokens, little endian: magic, version, token width, number of keyframes, then for each its time,
/// reason, change and tokens (place, weight, saliency, features as float16), and at the end the SHA-256 of all before it.
/// </summary>
public static class FilmArchive
{
    public const int Version = 1;

    private static ReadOnlySpan<byte> Magic => "STRMFILM"u8;

    public static string PictureName(Keyframe keyframe) => string.Create(CultureInfo.InvariantCulture, $"keyframe_{keyframe.Number:000000}.jpg");

    public static void Write(Stream output, int hidden, IReadOnlyList<MemoryEntry> keyframes)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var buffer = new MemoryStream();
        using var writer = new BinaryWriter(buffer);
        writer.Write(Magic);
        writer.Write(Version);
        writer.Write(hidden);
        writer.Write(keyframes.Count);
        foreach (MemoryEntry seen in keyframes)
        {
            WriteKeyframe(writer, seen);
            Flush();
        }
        Flush();
        output.Write(digest.GetHashAndReset());

        void Flush()
        {
            ReadOnlySpan<byte> bytes = buffer.GetBuffer().AsSpan(0, (int)buffer.Length);
            digest.AppendData(bytes);
            output.Write(bytes);
            buffer.SetLength(0);
        }
    }

    private static void WriteKeyframe(BinaryWriter writer, MemoryEntry seen)
    {
        writer.Write(seen.Keyframe.Time.Ticks);
        writer.Write((byte)seen.Keyframe.Reason);
        writer.Write(seen.Keyframe.Change);
        writer.Write(seen.Tokens.Count);
        for (int token = 0; token < seen.Tokens.Count; token++)
        {
            writer.Write(seen.Tokens.Origins.Span[token].Row);
            writer.Write(seen.Tokens.Origins.Span[token].Column);
            writer.Write(seen.Tokens.Weights.Span[token]);
            writer.Write(seen.Tokens.Saliency.Span[token]);
        }
        foreach (float value in seen.Tokens.Features.Span)
            writer.Write((Half)value);
    }

    /// <exception cref="InvalidDataException">The file is damaged, cut off or of another version; the message says which.</exception>
    public static IReadOnlyList<MemoryEntry> Read(ReadOnlyMemory<byte> file)
    {
        const int digestBytes = SHA256.HashSizeInBytes;
        if (file.Length < Magic.Length + 3 * sizeof(int) + digestBytes || !file.Span.StartsWith(Magic))
            throw new InvalidDataException("it is no film archive");
        ReadOnlyMemory<byte> body = file[..^digestBytes];
        int version = MemoryMarshal.Read<int>(body.Span[Magic.Length..]);
        if (version != Version)
            throw new InvalidDataException($"it has version {version}, this program reads version {Version}");
        if (!SHA256.HashData(body.Span).AsSpan().SequenceEqual(file.Span[^digestBytes..]))
            throw new InvalidDataException("its checksum is wrong");
        var reader = new ArchiveReader(body[(Magic.Length + sizeof(int))..]);
        int hidden = reader.Int32(), count = reader.Int32();
        var keyframes = new MemoryEntry[count];
        for (int number = 0; number < count; number++)
            keyframes[number] = ReadKeyframe(ref reader, hidden, number);
        return keyframes;
    }

    private static MemoryEntry ReadKeyframe(ref ArchiveReader reader, int hidden, int number)
    {
        var time = TimeSpan.FromTicks(reader.Int64());
        var keyframe = new Keyframe(number, time, (KeyframeReason)reader.Byte(), reader.Single());
        int tokens = reader.Int32();
        var origins = new TokenOrigin[tokens];
        var weights = new float[tokens];
        var saliency = new float[tokens];
        for (int token = 0; token < tokens; token++)
        {
            origins[token] = new TokenOrigin(time, reader.Int16(), reader.Int16());
            weights[token] = reader.Single();
            saliency[token] = reader.Single();
        }
        return new MemoryEntry(keyframe, new VisualTokens(hidden, reader.Halves(tokens * hidden), origins, weights, saliency));
    }

    /// <summary>Reads numbers one after another; the checksum has vouched for the length.</summary>
    private struct ArchiveReader(ReadOnlyMemory<byte> rest)
    {
        private ReadOnlyMemory<byte> _rest = rest;

        public byte Byte() => Take(1)[0];

        public short Int16() => MemoryMarshal.Read<short>(Take(sizeof(short)));

        public int Int32() => MemoryMarshal.Read<int>(Take(sizeof(int)));

        public long Int64() => MemoryMarshal.Read<long>(Take(sizeof(long)));

        public float Single() => MemoryMarshal.Read<float>(Take(sizeof(float)));

        public float[] Halves(int count)
        {
            var values = new float[count];
            System.Numerics.Tensors.TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(Take(count * 2)), values);
            return values;
        }

        private ReadOnlySpan<byte> Take(int bytes)
        {
            ReadOnlySpan<byte> taken = _rest.Span[..bytes];
            _rest = _rest[bytes..];
            return taken;
        }
    }
}
