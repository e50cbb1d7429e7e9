namespace Streaming.Models.Tests;

public sealed class PrefixCacheTests
{
    private readonly PrefixCache<Read> _cache = new(100);
    private readonly object _memory = new(), _other = new();

    [Fact]
    public void Find_what_was_added_is_there_until_there_is_too_much()
    {
        Read[] reads = [.. Enumerable.Range(0, 5).Select(i => new Read())];
        for (int i = 0; i < 3; i++)
            Assert.True(_cache.Add(new PrefixKey($"{i}"), reads[i], 33));
        Assert.Same(reads[0], _cache.Find(new PrefixKey("0")));
        Assert.True(_cache.Add(new PrefixKey("3"), reads[3], 33));
        Assert.Equal((3, 99), (_cache.Count, _cache.SizeBytes));
        Assert.Null(_cache.Find(new PrefixKey("1")));
        Assert.Equal([false, true, false, false], reads[..4].Select(read => read.IsDisposed));
        Assert.True(_cache.Add(new PrefixKey("4"), reads[4], 100));
        Assert.Equal([true, true, true, true, false], reads.Select(read => read.IsDisposed));
        _cache.Dispose();
        Assert.True(reads[4].IsDisposed);
        Assert.Equal((0, 0), (_cache.Count, _cache.SizeBytes));
    }

    [Fact]
    public void Add_larger_than_the_bound_is_refused_and_nothing_else_goes()
    {
        Read small = new(), large = new();
        _cache.Add(new PrefixKey("small"), small, 10);
        Assert.False(_cache.Add(new PrefixKey("large"), large, 101));
        Assert.False(large.IsDisposed);
        Assert.Same(small, _cache.Find(new PrefixKey("small")));
    }

    [Fact]
    public void Add_of_a_later_state_ends_what_was_read_from_earlier_ones_of_the_same_memory()
    {
        Read old = new(), wide = new(), foreign = new(), lasting = new(), fresh = new();
        _cache.Add(Key("old", _memory, 1), old, 10);
        _cache.Add(Key("wide", _memory, 1), wide, 10);
        _cache.Add(Key("foreign", _other, 1), foreign, 10);
        _cache.Add(new PrefixKey("lasting"), lasting, 10);
        Assert.Same(wide, _cache.Find(Key("wide", _memory, 2)));
        _cache.Add(Key("fresh", _memory, 2), fresh, 10);
        Assert.True(old.IsDisposed);
        Assert.Equal((4, 40), (_cache.Count, _cache.SizeBytes));
        // Somebody who still holds an earlier state ends nothing of a later one.
        _cache.Add(Key("late", _memory, 1), new Read(), 10);
        Assert.Same(fresh, _cache.Find(Key("fresh", _memory, 2)));
        Assert.Same(wide, _cache.Find(Key("wide", _memory, 1)));
        _cache.Add(Key("again", _memory, 2), new Read(), 10);
        Assert.False(wide.IsDisposed);
        Assert.Null(_cache.Find(Key("late", _memory, 1)));
    }

    [Fact]
    public void Add_of_the_same_key_replaces()
    {
        Read first = new(), second = new();
        _cache.Add(new PrefixKey("a"), first, 60);
        _cache.Add(new PrefixKey("a"), second, 60);
        Assert.True(first.IsDisposed);
        Assert.Same(second, _cache.Find(new PrefixKey("a")));
        Assert.Equal(60, _cache.SizeBytes);
    }

    [Fact]
    public void Of_differs_with_all_that_a_beginning_depends_on()
    {
        VisualTokens seen = Tokens(1, 2, 3);
        string[] digests =
        [
            PrefixKey.Of("m", "", seen).Digest, PrefixKey.Of("n", "", seen).Digest, PrefixKey.Of("m", "p", seen).Digest, PrefixKey.Of("m", "", Tokens(1, 2, 4)).Digest,
            PrefixKey.Of("m", "", Tokens(1, 2)).Digest, PrefixKey.Of("m", "", Tokens(new TokenOrigin(TimeSpan.FromSeconds(1), 0, 0), 1, 2, 3)).Digest,
            PrefixKey.Of("m", "", Tokens(new TokenOrigin(TimeSpan.Zero, 1, 0), 1, 2, 3)).Digest, PrefixKey.Of("m", "", Tokens(new TokenOrigin(TimeSpan.Zero, 0, 1), 1, 2, 3)).Digest,
        ];
        Assert.Equal(digests.Length, digests.Distinct().Count());
        Assert.Equal(digests[0], PrefixKey.Of("m", "", Tokens(1, 2, 3), new PrefixSource(_memory, 7)).Digest);
    }

    private static PrefixKey Key(string digest, object memory, long state) => new(digest, new PrefixSource(memory, state));

    private static VisualTokens Tokens(params float[] features) => Tokens(default(TokenOrigin), features);

    private static VisualTokens Tokens(TokenOrigin origin, params float[] features)
    {
        float[] ones = [.. features.Select(_ => 1f)];
        return new VisualTokens(1, features, features.Select(_ => origin).ToArray(), ones, ones);
    }

    private sealed class Read : IDisposable
    {
        public bool IsDisposed { get; private set; }

        public void Dispose()
        {
            Assert.False(IsDisposed);
            IsDisposed = true;
        }
    }
}
