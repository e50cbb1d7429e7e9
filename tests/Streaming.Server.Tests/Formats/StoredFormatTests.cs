using Streaming.Contracts;
using Streaming.Perception;
using Streaming.Server.Access;
using Streaming.Server.Archive;
using Streaming.Server.Backup;
using Streaming.Server.Films;
using Streaming.Server.Store;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests.Formats;

/// <summary>What is stored is read by the programs that come, and by those that were: files of today and of before are committed.</summary>
public sealed class StoredFormatTests : IDisposable
{
    private readonly string _folder = System.IO.Directory.CreateTempSubdirectory("streaming-formats-").FullName;
    private readonly List<string> _warnings = [];

    public static TheoryData<string> Names => new(StoredFormats.All.Keys);

    private string DataFolder => System.IO.Directory.CreateDirectory(Path.Combine(_folder, "data")).FullName;

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Format_of_today_is_written_as_committed_and_read_without_loss(string name)
    {
        StoredFormat format = StoredFormats.All[name];
        byte[] written = await format.Write(DataFolder);
        if (Golden.IsUpdated)
            await File.WriteAllBytesAsync(Committed($"today/{name}"), written);
        byte[] committed = await File.ReadAllBytesAsync(Committed($"today/{name}"));
        Assert.True(
            written.AsSpan().SequenceEqual(committed),
            $"{name} is no longer written as committed in Formats/today. Move the committed one to Formats/before, with a test that reads it. If a program of before "
                + $"could not read the new one, raise {format.Version}. Then run this test with {Golden.Variable}=1.");
        System.IO.Directory.Delete(DataFolder, recursive: true);
        Assert.Equal(committed, await format.Rewrite(DataFolder, committed));
    }

    [Fact]
    public void Stream_of_before_policies_zones_and_timeouts_is_read()
    {
        Put("before/stream.json", "gate/stream.json");
        StreamDeclaration stream = Assert.Single(StreamFolder.All(DataFolder, _warnings.Add)).Declaration;
        Assert.Equal(("rtsp://camera/1", DecodeMode.Intra, 2.5, 12.5), (stream.Url, stream.Decode, stream.Sampling, stream.Played));
        Assert.Equal((null, null, null, null), (stream.Policy, stream.Retain, stream.Zones, stream.TimeoutSeconds));
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Keys_of_before_limits_are_read()
    {
        Put("before/keys.json", KeyRing.FileName);
        AccessKey key = Assert.Single(new KeyRing(DataFolder).Stored);
        Assert.Equal(("ann", Role.Operator, null), (key.Name, key.Role, key.Limits));
    }

    [Fact]
    public async Task Film_of_before_reused_keyframes_is_read()
    {
        byte[] bytes = await File.ReadAllBytesAsync(Committed("before/film.json"));
        Assert.Equal(new FrameCounts(2000, 160, 40, 1), System.Text.Json.JsonSerializer.Deserialize(bytes, FilmJson.Default.FilmFacts)!.Frames);
    }

    /// <summary>Notes, heat and gaps of a stream lay in a file each.</summary>
    [Fact]
    public async Task Notes_of_before_ledgers_go_into_the_ledger()
    {
        foreach (string file in (string[])["notebook.txt", "heat.bin", "gaps.json"])
            Put($"before/{file}", $"gate/{file}");
        for (int run = 0; run < 2; run++)
        {
            StreamLedger ledger = await StoredFormats.LedgerAsync(DataFolder, _warnings.Add);
            Assert.Equal(await File.ReadAllLinesAsync(Committed("before/notebook.txt")), NotebookText.Write(ledger.Notes!));
            Assert.Equal(StoredFormats.Gaps, ledger.Gaps);
            var heat = new HeatMap();
            ledger.Restore(heat);
            Assert.Equal((12.5f, 12.5f), (heat.Seconds()[5], heat.Seconds().Sum()));
            IReadOnlyList<Pipelines.Gap> gaps = ledger.Gaps;
            ledger.Begin(null, () => gaps);
            await ledger.DisposeAsync();
            File.Delete(Path.Combine(DataFolder, "gate", "notebook.txt"));
        }
        Assert.Empty(_warnings);
    }

    [Fact]
    public async Task Backup_of_version_1_is_restored_and_one_to_come_is_refused()
    {
        string committed = Committed("today/backup.tar"), later = Path.Combine(_folder, "later.tar");
        if (Golden.IsUpdated && !File.Exists(committed))
        {
            foreach (string name in (string[])["stream.json", "keyframes.log", "ledger.log"])
                Put($"today/{name}", $"streams/gate/{name}");
            await new DataBackup(DataFolder, _ => null).WriteAsync(committed, default);
        }
        string restored = Path.Combine(_folder, "restored");
        Assert.Equal(3, await new DataBackup(restored, _ => null).ReadAsync(committed, default));
        Assert.Equal(await File.ReadAllBytesAsync(Committed("today/keyframes.log")), await File.ReadAllBytesAsync(Path.Combine(restored, "streams", "gate", "keyframes.log")));
        byte[] tar = await File.ReadAllBytesAsync(committed);
        int version = tar.AsSpan().IndexOf("\"version\":1"u8);
        tar[version + "\"version\":".Length] = (byte)'2';
        await File.WriteAllBytesAsync(later, tar);
        InvalidDataException refusal = await Assert.ThrowsAsync<InvalidDataException>(() => new DataBackup(Path.Combine(_folder, "empty"), _ => null).ReadAsync(later, default));
        Assert.Contains("version", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ledger_of_a_version_to_come_stays_aside_and_is_reported()
    {
        string log = Put("today/ledger.log", "gate/ledger.log");
        byte[] later = await File.ReadAllBytesAsync(log);
        later[8] = LineLog.Version + 1;
        await File.WriteAllBytesAsync(log, later);
        await using StreamLedger ledger = await StoredFormats.LedgerAsync(DataFolder, _warnings.Add);
        Assert.Null(ledger.Notes);
        Assert.Empty(ledger.Gaps);
        Assert.Contains("version", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(later, await File.ReadAllBytesAsync($"{log}.unread-1"));
    }

    [Fact]
    public async Task Notes_of_a_version_to_come_in_a_ledger_of_today_stay_aside_and_are_reported()
    {
        string log = Path.Combine(DataFolder, "gate", "ledger.log");
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        await using (LineJournal lines = await LineJournal.OpenAsync(new FileMemoryStore(log), StoredFormats.Options(_warnings.Add)))
        {
            lines.Begin(() => ["note notebook 2", "note of another grammar"]);
            Assert.True(await lines.FlushAsync());
        }
        byte[] later = await File.ReadAllBytesAsync(log);
        await using StreamLedger ledger = await StoredFormats.LedgerAsync(DataFolder, _warnings.Add);
        Assert.Null(ledger.Notes);
        Assert.Contains("version", Assert.Single(_warnings), StringComparison.Ordinal);
        Assert.Equal(later, await File.ReadAllBytesAsync($"{log}.unread-1"));
    }

    [Fact]
    public async Task Data_of_a_version_to_come_is_refused_and_nothing_of_it_is_changed()
    {
        string mark = Path.Combine(DataFolder, DataFormat.FileName), stream = Put("today/stream.json", "streams/gate/stream.json");
        await File.WriteAllTextAsync(mark, $$"""{"version":{{DataFormat.Version + 1}},"more":true}""");
        Dictionary<string, string> before = Files();
        SettingException refusal = Assert.Throws<SettingException>(() => DataFormat.Open(DataFolder));
        Assert.Contains("version 2", refusal.Message, StringComparison.Ordinal);
        await File.WriteAllTextAsync(mark, "{}");
        Assert.Throws<SettingException>(() => DataFormat.Open(DataFolder));
        File.Delete(mark);
        DataFormat.Open(DataFolder);
        DataFormat.Open(DataFolder);
        Assert.Equal("""{"version":1}""", await File.ReadAllTextAsync(mark));
        Assert.Equal(before[stream], Files()[stream]);
    }

    [Fact]
    public async Task OpenAsync_of_a_machine_says_the_version_of_its_data_and_refuses_one_to_come()
    {
        await using var machine = new LocalMachine();
        await machine.OpenAsync();
        await machine.CloseAsync();
        string mark = Path.Combine(machine.DataFolder, DataFormat.FileName);
        Assert.Equal("""{"version":1}""", await File.ReadAllTextAsync(mark));
        await File.WriteAllTextAsync(mark, """{"version":2}""");
        await Assert.ThrowsAsync<SettingException>(() => machine.OpenAsync());
    }

    public void Dispose() => System.IO.Directory.Delete(_folder, recursive: true);

    private static string Committed(string path) => Golden.At($"Formats/{path}");

    /// <summary>A committed file at its place in the data folder.</summary>
    private string Put(string committed, string place)
    {
        string path = Path.Combine(DataFolder, place);
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Committed(committed), path);
        return path;
    }

    private Dictionary<string, string> Files() =>
        System.IO.Directory.GetFiles(DataFolder, "*", SearchOption.AllDirectories).ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)));
}
