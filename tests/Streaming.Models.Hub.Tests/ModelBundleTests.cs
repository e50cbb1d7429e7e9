using System.Formats.Tar;
using System.Text;

namespace Streaming.Models.Hub.Tests;

public sealed class ModelBundleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("bundle-").FullName;

    public ModelBundleTests()
    {
        Write("model/config.json", """{"model_type": "llava", "image_token_index": 1, "eos_token_id": 2, "hidden_size": 8, "max_position_embeddings": 64, "vision_config": {"patch_size": 4}}""");
        Write("model/preprocessor_config.json", """{"size": {"height": 8, "width": 8}, "image_mean": [0, 0, 0], "image_std": [1, 1, 1]}""");
        Write("model/onnx/decoder_model_merged.onnx", new string('x', 70_000));
        Directory.CreateDirectory(Target);
    }

    private string Bundle => Path.Combine(_root, "model.tar");

    private string Target => Path.Combine(_root, "elsewhere");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Read_of_what_was_written_gives_the_same_folder()
    {
        await ModelBundle.WriteAsync(ModelFolder.Open(Path.Combine(_root, "model")), Bundle, default);
        string folder = await ModelBundle.ReadAsync(Bundle, Target, default);
        Assert.Equal(Path.Combine(Target, "model"), folder);
        string[] files = [.. Files(folder)];
        Assert.Equal(Files(Path.Combine(_root, "model")), files);
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(_root, "model", file)), File.ReadAllBytes(Path.Combine(folder, file))));
        await Assert.ThrowsAsync<IOException>(() => ModelBundle.ReadAsync(Bundle, Target, default));
    }

    [Fact]
    public async Task Read_of_a_bundle_with_a_changed_byte_leaves_nothing()
    {
        await ModelBundle.WriteAsync(ModelFolder.Open(Path.Combine(_root, "model")), Bundle, default);
        byte[] bytes = File.ReadAllBytes(Bundle);
        bytes[bytes.AsSpan().IndexOf("xxxxxxxxxxxxxxxx"u8) + 100] = (byte)'y';
        File.WriteAllBytes(Bundle, bytes);
        await AssertRefusedAsync();
    }

    [Theory]
    [InlineData("""{"name": "../m", "files": []}""")]
    [InlineData("""{"name": "a/m", "files": []}""")]
    [InlineData("""{"name": "m", "files": [{"path": "../x", "sizeBytes": 1, "sha256": "00"}]}""")]
    [InlineData("""{"name": "m", "files": [{"path": "/x", "sizeBytes": 1, "sha256": "00"}]}""")]
    [InlineData("""{"name": "m", "files": [{"path": "x", "sizeBytes": 1, "sha256": "00"}]}""")]
    [InlineData("""{"name": "m"}""")]
    [InlineData("no list")]
    public async Task Read_of_a_list_that_leads_outside_or_lies_leaves_nothing(string list)
    {
        WriteTar(("bundle.json", TarEntryType.RegularFile, list));
        await AssertRefusedAsync();
    }

    [Fact]
    public async Task Read_of_a_file_that_is_not_listed_leaves_nothing()
    {
        WriteTar(("bundle.json", TarEntryType.RegularFile, """{"name": "m", "files": []}"""), ("x", TarEntryType.RegularFile, "1"));
        await AssertRefusedAsync();
    }

    [Fact]
    public async Task Read_of_a_link_under_a_listed_name_leaves_nothing()
    {
        WriteTar(("bundle.json", TarEntryType.RegularFile, """{"name": "m", "files": [{"path": "x", "sizeBytes": 0, "sha256": "00"}]}"""), ("x", TarEntryType.SymbolicLink, "/etc/passwd"));
        await AssertRefusedAsync();
    }

    [Fact]
    public async Task Read_of_another_tar_says_that_it_is_no_bundle()
    {
        WriteTar(("x", TarEntryType.RegularFile, "1"));
        await AssertRefusedAsync();
    }

    private async Task AssertRefusedAsync()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ModelBundle.ReadAsync(Bundle, Target, default));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Target));
    }

    private void WriteTar(params (string Name, TarEntryType Type, string Content)[] entries)
    {
        using var tar = new TarWriter(File.Create(Bundle));
        foreach (var (name, type, content) in entries)
        {
            var entry = new PaxTarEntry(type, name);
            if (type == TarEntryType.SymbolicLink)
                entry.LinkName = content;
            else
                entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
            tar.WriteEntry(entry);
        }
    }

    private void Write(string path, string content)
    {
        string file = Path.Combine(_root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
    }

    private static IEnumerable<string> Files(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Select(path => Path.GetRelativePath(folder, path)).Order(StringComparer.Ordinal);
}
