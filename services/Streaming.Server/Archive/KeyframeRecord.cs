using System.Buffers.Binary;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using Streaming.Compression;
using Streaming.Compression.Ladder;
using Streaming.Models;
using Streaming.Video;

namespace Streaming.Server.Archive;

/// <summary>A keyframe as it is stored: what memory was given, and the counts of its stream as of then.</summary>
/// <param name="TokensKept">What the reducer left; <see cref="Entry"/> may hold others by now, or none.</param>
/// <param name="IsRemembered">False: only its picture is left.</param>
/// <param name="Clip">The clip of a memory as it was, of which this is the first keyframe that is left; those of the next remembered
/// keyframes that belong to it follow. Null: it follows, or was written to memory as it is.</param>
public sealed record KeyframeRecord(MemoryEntry Entry, int TokensKept, DecodeProgress Progress, bool IsRemembered = true, ClipHeader? Clip = null)
{
    private const byte PictureOnly = 0, Remembered = 1, BeginsClip = 2;

    public Keyframe Keyframe => Entry.Keyframe;

    /// <summary>About what it takes when it is written.</summary>
    internal long SizeBytes => 64 + (Entry.Tokens.Count * ((2L * Entry.Tokens.Hidden) + 12));

    /// <summary>Little endian, as all machines this runs on are; features as float16, which is how they were rounded.</summary>
    internal void Write(BinaryWriter writer)
    {
        writer.Write(!IsRemembered ? PictureOnly : Clip is null ? Remembered : BeginsClip);
        Clip?.Write(writer);
        writer.Write(Keyframe.Number);
        writer.Write(Keyframe.Time.Ticks);
        writer.Write((byte)Keyframe.Reason);
        writer.Write(Keyframe.Change);
        writer.Write(TokensKept);
        writer.Write(Progress.Decoded);
        writer.Write(Progress.Sampled);
        writer.Write(Progress.Unreadable);
        VisualTokens tokens = Entry.Tokens;
        writer.Write(tokens.Count);
        foreach (TokenOrigin origin in tokens.Origins.Span)
        {
            writer.Write(origin.Row);
            writer.Write(origin.Column);
        }
        writer.Write(MemoryMarshal.AsBytes(tokens.Weights.Span));
        writer.Write(MemoryMarshal.AsBytes(tokens.Saliency.Span));
        var halves = new Half[tokens.Features.Length];
        TensorPrimitives.ConvertToHalf(tokens.Features.Span, halves);
        writer.Write(MemoryMarshal.AsBytes(halves.AsSpan()));
    }

    /// <exception cref="InvalidDataException">The bytes are no record of this width, although their checksum is right.</exception>
    internal static KeyframeRecord Read(ReadOnlySpan<byte> bytes, int hidden)
    {
        var reader = new Reader(bytes);
        byte kind = reader.Take(1)[0];
        ClipHeader? clip = kind == BeginsClip
            ? new ClipHeader(reader.Int32(), TimeSpan.FromTicks(reader.Int64()), TimeSpan.FromTicks(reader.Int64()), reader.Int64(), reader.Int64(), reader.Single(), reader.Take(1)[0] != 0)
            : null;
        int number = reader.Int32();
        var time = TimeSpan.FromTicks(reader.Int64());
        var keyframe = new Keyframe(number, time, (KeyframeReason)reader.Take(1)[0], reader.Single());
        int kept = reader.Int32();
        var progress = new DecodeProgress(reader.Int64(), reader.Int64(), reader.Int64(), time);
        int count = reader.Int32();
        if (count < 0 || reader.Left != (long)count * (2 * sizeof(short) + 2 * sizeof(float) + hidden * 2))
            throw new InvalidDataException("a record has another length than it says");
        var origins = new TokenOrigin[count];
        for (int token = 0; token < count; token++)
            origins[token] = new TokenOrigin(time, reader.Int16(), reader.Int16());
        float[] weights = MemoryMarshal.Cast<byte, float>(reader.Take(count * sizeof(float))).ToArray();
        float[] saliency = MemoryMarshal.Cast<byte, float>(reader.Take(count * sizeof(float))).ToArray();
        var features = new float[count * hidden];
        TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(reader.Take(features.Length * 2)), features);
        return new KeyframeRecord(new MemoryEntry(keyframe, new VisualTokens(hidden, features, origins, weights, saliency)), kept, progress, kind != PictureOnly, clip);
    }

    /// <summary>Takes numbers from the front.</summary>
    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public readonly int Left => _rest.Length;

        public short Int16() => BinaryPrimitives.ReadInt16LittleEndian(Take(sizeof(short)));

        public int Int32() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

        public long Int64() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

        public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Take(sizeof(float)));

        public ReadOnlySpan<byte> Take(int bytes)
        {
            if (bytes > _rest.Length)
                throw new InvalidDataException("a record is shorter than it says");
            ReadOnlySpan<byte> taken = _rest[..bytes];
            _rest = _rest[bytes..];
            return taken;
        }
    }
}

/// <summary>What a clip is besides its entries.</summary>
/// <param name="Entries">How many follow, the first included.</param>
public sealed record ClipHeader(int Entries, TimeSpan From, TimeSpan To, long Clips, long Keyframes, float Novelty, bool IsWhole)
{
    public static ClipHeader Of(MemoryClip clip) => new(clip.Entries.Length, clip.From, clip.To, clip.Clips, clip.Keyframes, clip.Novelty, clip.IsWhole);

    public MemoryClip With(IEnumerable<MemoryEntry> entries) => new([.. entries], From, To, Clips, Keyframes, Novelty, IsWhole);

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Entries);
        writer.Write(From.Ticks);
        writer.Write(To.Ticks);
        writer.Write(Clips);
        writer.Write(Keyframes);
        writer.Write(Novelty);
        writer.Write(IsWhole);
    }
}
