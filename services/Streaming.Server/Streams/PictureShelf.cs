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

    /// <summary>All together no more than this: first those go that nobody remembers, then the oldest. A memory of 8,192 pictures of 60 kB fills half of it.</summary>
    public long SizeBytes { get; init; } = 1L << 30;
}

/// <summary>The pictures of a stream's keyframes on disk. One thread writes; what it holds is told to the index.</summary>
internal sealed class PictureShelf
{
    private readonly string _folder;
    private readonly PictureQuota _quota;
    private readonly Dictionary<int, long> _sizes = [];
    private long _sizeBytes;

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

    public long SizeBytes => _sizeBytes;

    /// <summary>More is there than may be.</summary>
    public bool IsFull => _sizeBytes > _quota.SizeBytes;

    public string PathOf(int number) => Path.Combine(_folder, NameOf(number));

    /// <exception cref="IOException">The disk does not take it.</exception>
    public void Put(int number, byte[] jpeg)
    {
        File.WriteAllBytes(PathOf(number), jpeg);
        Count(number, jpeg.Length);
    }

    /// <summary>Removes what is beyond the quota.</summary>
    /// <param name="remembered">The keyframes that the memory holds.</param>
    /// <param name="settled">The newest keyframe that may go: of later ones it is not known yet whether they will be remembered.</param>
    public void Tidy(HashSet<int> remembered, int settled)
    {
        IndexedKeyframe[] all = Index.All();
        if (all.Length == 0)
            return;
        TimeSpan oldest = all[^1].Keyframe.Time - _quota.Age;
        HashSet<int> gone = [.. all.Where(known => known.Keyframe.Time < oldest).Concat(all.Take(Math.Max(0, all.Length - _quota.Keyframes)).Where(known => !remembered.Contains(known.Keyframe.Number)))
            .Select(known => known.Keyframe.Number).Where(number => number <= settled)];
        long left = _sizeBytes - gone.Sum(number => _sizes.GetValueOrDefault(number));
        foreach (int number in all.Select(known => known.Keyframe.Number).Where(number => number <= settled && !gone.Contains(number)).OrderBy(remembered.Contains).ThenBy(number => number).ToArray())
        {
            if (left <= _quota.SizeBytes)
                break;
            gone.Add(number);
            left -= _sizes.GetValueOrDefault(number);
        }
        // Nobody is told of a picture that is just going.
        Index.Remove(gone);
        foreach (int number in gone)
        {
            File.Delete(PathOf(number));
            _sizeBytes -= _sizes.GetValueOrDefault(number);
            _sizes.Remove(number);
        }
    }

    private void Count(int number, long size)
    {
        _sizeBytes += size - _sizes.GetValueOrDefault(number);
        _sizes[number] = size;
    }

    private static string NameOf(int number) => string.Create(CultureInfo.InvariantCulture, $"{number:000000000}.jpg");
}
