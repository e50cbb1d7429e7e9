using Streaming.Compression;
using Streaming.Server.Archive;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests;

public sealed class PictureShelfTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-pictures-").FullName;

    [Fact]
    public void Tidy_beyond_the_number_those_stay_that_are_remembered()
    {
        PictureShelf shelf = Filled(new PictureQuota { Keyframes = 3 }, 10);
        shelf.Tidy([1, 4], settled: 9);
        AssertHolds(shelf, 1, 4, 7, 8, 9);
    }

    [Fact]
    public void Tidy_beyond_the_age_all_go()
    {
        PictureShelf shelf = Filled(new PictureQuota { Age = TimeSpan.FromMinutes(3) }, 10);
        shelf.Tidy([1, 4, 8], settled: 9);
        AssertHolds(shelf, 6, 7, 8, 9);
    }

    [Fact]
    public void Tidy_beyond_the_size_first_those_go_that_nobody_remembers_and_then_the_oldest()
    {
        PictureShelf shelf = Filled(new PictureQuota { SizeBytes = 400 }, 10);
        Assert.True(shelf.IsFull);
        shelf.Tidy([1, 2, 3, 4, 5], settled: 8);
        AssertHolds(shelf, 3, 4, 5, 9);
        Assert.False(shelf.IsFull);
    }

    [Fact]
    public void Tidy_on_a_full_disk_as_much_goes_as_is_missing_and_each_is_counted_by_why()
    {
        PictureShelf shelf = Filled(new PictureQuota { SizeBytes = 900, Age = TimeSpan.FromMinutes(8.5) }, 10);
        shelf.Tidy([2, 3], settled: 8, roomBytes: 350);
        // The first by its age; then those that nobody remembers.
        AssertHolds(shelf, 2, 3, 6, 7, 8, 9);
        Assert.Equal(new PictureDeletions(Age: 1, Number: 0, Size: 0, Disk: 3), shelf.Deleted);
        shelf.Tidy([], settled: 9, roomBytes: 10_000);
        Assert.Equal((0, 9), (shelf.SizeBytes, shelf.Deleted.Disk));
    }

    [Fact]
    public void Shelf_after_a_restart_knows_the_size_and_what_is_missing()
    {
        Filled(new PictureQuota(), 10);
        File.Delete(Path.Combine(_folder, "000000004.jpg"));
        var index = new KeyframeIndex();
        for (int number = 0; number < 10; number++)
            index.Add(Keyframe(number), number);
        var shelf = new PictureShelf(_folder, new PictureQuota(), index);
        Assert.Equal(900, shelf.SizeBytes);
        AssertHolds(shelf, 0, 1, 2, 3, 5, 6, 7, 8, 9);
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    /// <summary>A picture of 100 bytes a minute.</summary>
    private PictureShelf Filled(PictureQuota quota, int pictures)
    {
        var shelf = new PictureShelf(_folder, quota, new KeyframeIndex());
        for (int number = 0; number < pictures; number++)
        {
            shelf.Put(number, new byte[100]);
            shelf.Index.Add(Keyframe(number), number);
        }
        return shelf;
    }

    private static Keyframe Keyframe(int number) => new(number, TimeSpan.FromMinutes(number), KeyframeReason.Change, 0);

    private void AssertHolds(PictureShelf shelf, params int[] numbers)
    {
        Assert.Equal(numbers, shelf.Index.All().Select(known => known.Keyframe.Number));
        Assert.Equal(numbers, System.IO.Directory.GetFiles(_folder).Select(path => int.Parse(Path.GetFileNameWithoutExtension(path), System.Globalization.CultureInfo.InvariantCulture)).Order());
        Assert.Equal(100 * numbers.Length, shelf.SizeBytes);
    }
}
