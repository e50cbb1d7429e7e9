namespace Streaming.Models;

/// <summary>
/// What a model made of the beginnings of prompts, for those who ask something else about the same pictures. Never more bytes than its
/// bound: what was read from an earlier state of the same memory goes first, then what was asked for the longest ago. What goes is
/// disposed. One caller at a time.
/// </summary>
/// <param name="mostBytes">0 keeps nothing.</param>
public sealed class PrefixCache<T>(long mostBytes) : IDisposable
    where T : class, IDisposable
{
    /// <summary>The one asked for last stands first.</summary>
    private readonly LinkedList<Held> _held = [];

    private sealed record Held(PrefixKey Key, T Value, long Bytes);

    public int Count => _held.Count;

    public long SizeBytes { get; private set; }

    /// <summary>Null: nobody has read it, or it is gone. It lasts until the next <see cref="Add"/>.</summary>
    public T? Find(PrefixKey key)
    {
        for (var node = _held.First; node is not null; node = node.Next)
        {
            if (node.Value.Key.Digest != key.Digest)
                continue;
            _held.Remove(node);
            // It is as good for the later state as it was for the earlier one.
            PrefixKey newer = node.Value.Key.Source is { } known && !known.IsBefore(key.Source) ? node.Value.Key : key;
            return _held.AddFirst(node.Value with { Key = newer }).Value.Value;
        }
        return null;
    }

    /// <summary>Takes over what was made of a beginning.</summary>
    /// <returns>False: it is larger than the bound and stays the caller's.</returns>
    public bool Add(PrefixKey key, T value, long bytes)
    {
        for (LinkedListNode<Held>? node = _held.First, next; node is not null; node = next)
        {
            next = node.Next;
            if (node.Value.Key.Digest == key.Digest || node.Value.Key.Source?.IsBefore(key.Source) == true)
                Remove(node);
        }
        if (bytes > mostBytes)
            return false;
        while (SizeBytes + bytes > mostBytes)
            Remove(_held.Last!);
        _held.AddFirst(new Held(key, value, bytes));
        SizeBytes += bytes;
        return true;
    }

    public void Dispose()
    {
        while (_held.First is { } node)
            Remove(node);
    }

    private void Remove(LinkedListNode<Held> node)
    {
        _held.Remove(node);
        SizeBytes -= node.Value.Bytes;
        node.Value.Value.Dispose();
    }
}
