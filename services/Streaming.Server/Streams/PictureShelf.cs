using System.Globalization;
using Streaming.Server.Archive;

namespace Streaming.Server.Streams;

/// <summary>How many pictures of keyframes stay.</summary>
public sealed record PictureQuota
{
    /// <summary>So many of the newest, besides those that the memory holds. 4,000 are nine hours of a scene in which nothing happens.</summary>
    public int Keyframes { get; init; } = 4000;

    /// <summary>None older than this, whoever remembers it.</summary>
    public TimeSpan Age { get; init; } = TimeSpan.FromDays(30);

    /// <summary>All together no more than this: first those go that nobody remembers, then the oldest. 17,000 pictures of 60 kB fill it.</summary>
    public long SizeBytes { get; init; } = 1L << 30;
}

/// <summary>How many pictures went, by why.</summary>
/// <param name="Age">They were older than is kept.</param>
/// <param name="Number">There were more than are kept, and nobody remembered them.</param>
/// <param name="Size">They took more than they may together.</param>
/// <param name="Disk">The disk had less room than is kept free.</param>
public readonly record struct PictureDeletions(long Age, long Number, long Size, long Disk);

/// <summary>The pictures of a stream's keyframes on disk. One thread puts, any may tidy; what it holds is told to the index.</summary>
internal sealed class PictureShelf
{
    private readonly string _folder;
    private readonly PictureQuota _quota;
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _sizes = [];
    private long _sizeBytes;
    private PictureDeletions _deleted;

    /// <param name="index">Of it those are removed whose picture is not there.</param>
    public PictureShelf(string folder, PictureQuota quota, KeyframeIndex index)
    {
        (_folder, _quota, Index) = (folder, quota, index);
        Dictionary<string, long> files = Directory.CreateDirectory(folder).EnumerateFiles().Where(file => file.Length > 0).ToDictionary(file => file.Name, file => file.Length);
        HashSet<int> gone = [];
        foreach (int number in index.All().Select(known => known.Keyframe.Number))
        {
            if (files.TryGetValue(NameOf(number), out long size))
                Count(number, size);
            else
                gone.Add(number);
        }
        index.Remove(gone);
    }

    /// <summary>The keyframes whose pictures are there.</summary>
    public KeyframeIndex Index { get; }

    public long SizeBytes => Interlocked.Read(ref _sizeBytes);

    /// <summary>More is there than may be.</summary>
    public bool IsFull => SizeBytes > _quota.SizeBytes;

    /// <summary>What went since this was opened.</summary>
    public PictureDeletions Deleted
    {
        get
        {
            lock (_gate)
                return _deleted;
        }
    }

    public string PathOf(int number) => PathIn(_folder, number);

    public static string PathIn(string folder, int number) => Path.Combine(folder, NameOf(number));

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Put(int number, byte[] jpeg)
    {
        File.WriteAllBytes(PathOf(number), jpeg);
        lock (_gate)
            Count(number, jpeg.Length);
    }

    /// <summary>Removes what is beyond the quota.</summary>
    /// <param name="remembered">The keyframes that the memory holds.</param>
    /// <param name="settled">The newest keyframe that may go: of later ones it is not known yet whether they will be remembered.</param>
    /// <param name="roomBytes">How much has to go whatever the quota says, because the disk is full.</param>
    public void Tidy(HashSet<int> remembered, int settled, long roomBytes = 0)
    {
        lock (_gate)
        {
            Dictionary<int, Func<PictureDeletions, PictureDeletions>> gone = Choose(remembered, settled, roomBytes);
            // Nobody is told of a picture that is just going.
            Index.Remove([.. gone.Keys]);
            foreach (var (number, count) in gone)
            {
                File.Delete(PathOf(number));
                _sizeBytes -= _sizes.GetValueOrDefault(number);
                _sizes.Remove(number);
                _deleted = count(_deleted);
            }
        }
    }

    /// <summary>What has to go, each with how to count it.</summary>
    private Dictionary<int, Func<PictureDeletions, PictureDeletions>> Choose(HashSet<int> remembered, int settled, long roomBytes)
    {
        var gone = new Dictionary<int, Func<PictureDeletions, PictureDeletions>>();
        IndexedKeyframe[] all = Index.All();
        if (all.Length == 0)
            return gone;
        TimeSpan oldest = all[^1].Keyframe.Time - _quota.Age;
        foreach (IndexedKeyframe old in all.Where(known => known.Keyframe.Number <= settled && known.Keyframe.Time < oldest))
            gone[old.Keyframe.Number] = deleted => deleted with { Age = deleted.Age + 1 };
        foreach (int number in all.Take(Math.Max(0, all.Length - _quota.Keyframes)).Select(known => known.Keyframe.Number).Where(number => number <= settled && !remembered.Contains(number)))
            gone.TryAdd(number, deleted => deleted with { Number = deleted.Number + 1 });
        long left = _sizeBytes - gone.Keys.Sum(number => _sizes.GetValueOrDefault(number)), most = Math.Min(_quota.SizeBytes, _sizeBytes - roomBytes);
        foreach (int number in all.Select(known => known.Keyframe.Number).Where(number => number <= settled && !gone.ContainsKey(number)).OrderBy(remembered.Contains).ThenBy(number => number).ToArray())
        {
            if (left <= most)
                break;
            gone[number] = left > _quota.SizeBytes ? deleted => deleted with { Size = deleted.Size + 1 } : deleted => deleted with { Disk = deleted.Disk + 1 };
            left -= _sizes.GetValueOrDefault(number);
        }
        return gone;
    }

    private void Count(int number, long size)
    {
        _sizeBytes += size - _sizes.GetValueOrDefault(number);
        _sizes[number] = size;
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:000000000}.jpg");
}
