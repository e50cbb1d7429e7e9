using Microsoft.Win32.SafeHandles;

namespace Streaming.Models.Hub.Pulling;

/// <summary>
/// Brings a model's files into a folder: several parts at once, checked against the hub's hashes, in place only when all are whole. What
/// an interrupted pull has brought the next one does not ask for again.
/// </summary>
public sealed class ModelPull(HubClient hub)
{
    /// <summary>Large enough that asking for it costs little, small enough that losing it does.</summary>
    public const int PartBytes = 32 << 20;

    /// <summary>Bytes in a part; tests take fewer.</summary>
    public int Part { get; init; } = PartBytes;

    /// <summary>Parts that come at once; one alone seldom fills a line.</summary>
    public int AtOnce { get; init; } = 4;

    /// <summary>How much a folder's disk can take, in bytes.</summary>
    public Func<string, long> FreeBytes { get; init; } = folder => new DriveInfo(folder).AvailableFreeSpace;

    /// <param name="plan">What to bring.</param>
    /// <param name="folder">Is made; one that is there is replaced.</param>
    /// <param name="progress">Told how many bytes are there, from any thread.</param>
    /// <exception cref="HubException">The hub does not give a file, or gives another than it says it has.</exception>
    /// <exception cref="IOException">The disk has no room for it.</exception>
    public async Task RunAsync(PullPlan plan, string folder, Action<long>? progress, CancellationToken cancellation)
    {
        string unfinished = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(folder))!, $".{Path.GetFileName(folder)}.pulling");
        Directory.CreateDirectory(unfinished);
        using (var journal = new PullJournal(Path.Combine(unfinished, "journal")))
        {
            var files = plan.Files.DistinctBy(file => file.Digest).Select(file => new Arriving(file, Path.Combine(unfinished, file.Digest.Hex), Part)).ToArray();
            try
            {
                await FetchAsync(plan.Repository, files, journal, unfinished, progress, cancellation).ConfigureAwait(false);
            }
            finally
            {
                foreach (Arriving file in files)
                    file.Dispose();
            }
            await CheckAsync(files, journal, cancellation).ConfigureAwait(false);
        }
        Place(plan, unfinished, folder);
    }

    private async Task FetchAsync(HubRepository repository, Arriving[] files, PullJournal journal, string folder, Action<long>? progress, CancellationToken cancellation)
    {
        (Arriving File, int Part)[] open = [.. files.SelectMany(file => Enumerable.Range(0, file.Parts).Where(part => !file.Has(part, journal)).Select(part => (file, part)))];
        long missing = open.Sum(part => part.File.Bytes(part.Part)), arrived = files.Sum(file => file.Hub.SizeBytes) - missing, free = FreeBytes(folder);
        // Files are as long as they will be from the first part on, but hold only what has arrived.
        if (missing > free)
            throw new IOException(FormattableString.Invariant($"{missing / 1e9:0.00} GB are missing and the disk of {folder} has {free / 1e9:0.00} GB left."));
        progress?.Invoke(arrived);
        await Parallel.ForEachAsync(
            open, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellation },
            async (part, stop) =>
            {
                SafeFileHandle handle = part.File.Open();
                await hub.ReadAsync(
                    repository, part.File.Hub, part.File.Start(part.Part), part.File.Bytes(part.Part),
                    (bytes, at) =>
                    {
                        RandomAccess.Write(handle, bytes.Span, at);
                        progress?.Invoke(Interlocked.Add(ref arrived, bytes.Length));
                        return ValueTask.CompletedTask;
                    },
                    stop).ConfigureAwait(false);
                journal.Add(part.File.Hub, part.Part);
            }).ConfigureAwait(false);
    }

    private static async Task CheckAsync(Arriving[] files, PullJournal journal, CancellationToken cancellation)
    {
        foreach (Arriving file in files)
        {
            bool isSame;
            using (FileStream content = File.OpenRead(file.Path))
                isSame = content.Length == file.Hub.SizeBytes && await file.Hub.Digest.MatchesAsync(content, cancellation).ConfigureAwait(false);
            if (isSame)
                continue;
            journal.Forget(file.Hub);
            File.Delete(file.Path);
            throw new HubException($"{file.Hub.Path} arrived other than the hub says it is, and was thrown away; pull again.");
        }
    }

    /// <summary>Gives the files their names and the folder its own, in one step where there was none.</summary>
    private static void Place(PullPlan plan, string unfinished, string folder)
    {
        string whole = Path.Combine(unfinished, "whole");
        if (Directory.Exists(whole))
            Directory.Delete(whole, recursive: true);
        foreach (var same in plan.Files.GroupBy(file => file.Digest))
        {
            string[] targets = [.. same.Select(file => Path.Combine(whole, file.Path))];
            foreach (string target in targets)
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            foreach (string copy in targets.Skip(1))
                File.Copy(Path.Combine(unfinished, same.Key.Hex), copy);
            File.Move(Path.Combine(unfinished, same.Key.Hex), targets[0]);
        }
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.Move(whole, folder);
        Directory.Delete(unfinished, recursive: true);
    }

    /// <summary>A file on its way, under the name of its digest.</summary>
    private sealed class Arriving(HubFile hub, string path, int partBytes) : IDisposable
    {
        private readonly Lock _turn = new();
        private SafeFileHandle? _handle;

        public HubFile Hub => hub;

        public string Path => path;

        /// <summary>At least one, so that empty files come into being.</summary>
        public int Parts => (int)Math.Max(1, (hub.SizeBytes + partBytes - 1) / partBytes);

        public long Start(int part) => (long)part * partBytes;

        public long Bytes(int part) => Math.Min(partBytes, hub.SizeBytes - Start(part));

        public bool Has(int part, PullJournal journal) => File.Exists(path) && journal.Has(hub, part);

        public SafeFileHandle Open()
        {
            lock (_turn)
                return _handle ??= File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.Write, FileShare.Read);
        }

        public void Dispose() => _handle?.Dispose();
    }
}
