using System.Buffers.Binary;

namespace Streaming.Attacks.Media;

/// <summary>A film in one of the containers that are read.</summary>
/// <param name="Container">mp4, mkv, avi, ts or gif.</param>
public sealed record Film(string Container, byte[] Bytes)
{
    public IContainerForm Form => Container switch
    {
        "mp4" or "mov" => new Mp4Form(),
        "mkv" or "webm" => new MatroskaForm(),
        "avi" => new RiffForm(),
        "ts" => new PacketForm(188),
        _ => new PacketForm(64),
    };
}

/// <summary>Changes films piece by piece, so that what comes out still looks like its container: the same for the same dice.</summary>
public sealed class MediaMutator(Random dice)
{
    /// <summary>Numbers that break what computes with them.</summary>
    private static readonly ulong[] Numbers = [0, 1, 7, 8, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0x7fff_ffff_ffff_ffff, ulong.MaxValue];

    /// <summary>A film with one to four things wrong.</summary>
    public byte[] Mutate(Film film)
    {
        IContainerForm form = film.Form;
        var root = new Chunk([], [], null, form.Parse(film.Bytes));
        for (int times = dice.Next(1, 5); times > 0; times--)
        {
            Chunk[] holders = [.. root.All().Where(chunk => chunk.Payload is null && chunk.Inside.Count > 0)];
            if (holders.Length == 0)
                break;
            Chunk holder = holders[dice.Next(holders.Length)];
            Change(holder, dice.Next(holder.Inside.Count), root);
        }
        using var target = new MemoryStream();
        foreach (Chunk chunk in root.Inside)
            form.Write(target, chunk);
        byte[] bytes = target.ToArray();
        return dice.Next(8) == 0 ? bytes[..dice.Next(bytes.Length + 1)] : bytes;
    }

    private void Change(Chunk holder, int at, Chunk root)
    {
        Chunk chunk = holder.Inside[at];
        switch (dice.Next(8))
        {
            case 0:
                holder.Inside.RemoveAt(at);
                break;
            case 1:
                holder.Inside.InsertRange(at, Enumerable.Repeat(chunk, dice.Next(1, 50)));
                break;
            case 2:
                int other = dice.Next(holder.Inside.Count);
                (holder.Inside[at], holder.Inside[other]) = (holder.Inside[other], chunk);
                break;
            case 3:
                Chunk[] all = [.. root.All().Where(known => known.Id.Length == chunk.Id.Length && known.Id.Length > 0)];
                holder.Inside[at] = chunk with { Id = all.Length == 0 ? chunk.Id : all[dice.Next(all.Length)].Id };
                break;
            case 4:
                holder.Inside[at] = chunk with { Lie = Numbers[dice.Next(Numbers.Length)] };
                break;
            default:
                holder.Inside[at] = chunk.Payload is { Length: > 0 } payload ? chunk with { Payload = Changed(payload) } : new Chunk(chunk.Id, chunk.Prefix, null, [chunk, chunk]);
                break;
        }
    }

    private byte[] Changed(byte[] payload)
    {
        byte[] changed = [.. payload];
        switch (dice.Next(5))
        {
            case 0:
                for (int flips = dice.Next(1, 9); flips > 0; flips--)
                    changed[dice.Next(changed.Length)] ^= (byte)(1 << dice.Next(8));
                return changed;
            case 1:
                Span<byte> number = stackalloc byte[8];
                BinaryPrimitives.WriteUInt64BigEndian(number, Numbers[dice.Next(Numbers.Length)]);
                Span<byte> place = changed.AsSpan(dice.Next(changed.Length));
                number[(dice.Next(2) * 4)..][..Math.Min(4, place.Length)].CopyTo(place);
                return changed;
            case 2:
                return changed[..dice.Next(changed.Length)];
            case 3:
                return [.. changed, .. changed[..dice.Next(changed.Length)]];
            default:
                changed.AsSpan(dice.Next(changed.Length)).Fill((byte)(dice.Next(2) * 255));
                return changed;
        }
    }
}
