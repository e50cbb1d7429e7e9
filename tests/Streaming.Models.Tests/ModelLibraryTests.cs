using Streaming.Models.Hub;
using Streaming.Oracle;

namespace Streaming.Models.Tests;

public sealed class ModelLibraryTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("library-").FullName;
    private readonly ModelLibrary _library;

    public ModelLibraryTests()
    {
        foreach (string name in (string[])["b-model", "a-model", ".c-model.loading"])
            CopyFolder(Path.Combine(TransformersJs.Folder, "tiny-llava"), Path.Combine(_root, name));
        Directory.CreateDirectory(Path.Combine(_root, "no-model"));
        _library = new ModelLibrary([_root, Path.Combine(_root, "missing")]);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Installed_lists_the_folders_with_a_config_by_name() =>
        Assert.Equal(["a-model", "b-model"], _library.Installed().Select(Path.GetFileName));

    [Theory]
    [InlineData("a-model")]
    [InlineData("./a-model/")]
    public void Find_by_name_opens_the_folder(string name)
    {
        var folder = _library.Find(name);
        Assert.Equal(("a-model", "llava_onevision", "cc0-1.0"), (folder.Name, folder.Manifest.Family, folder.Licence()));
        Assert.InRange(folder.SizeBytes(), 500_000, 700_000);
    }

    [Fact]
    public void Find_by_path_needs_no_root() =>
        Assert.Equal("b-model", new ModelLibrary([]).Find(Path.Combine(_root, "b-model")).Name);

    [Fact]
    public void Find_of_an_unknown_name_says_what_is_installed()
    {
        string message = Assert.Throws<InvalidModelException>(() => _library.Find("other")).Message;
        Assert.Contains("\"other\"", message, StringComparison.Ordinal);
        Assert.Contains("installed: a-model, b-model", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Licence_without_a_model_card_is_unknown()
    {
        File.Delete(Path.Combine(_root, "a-model", "README.md"));
        Assert.Null(_library.Find("a-model").Licence());
    }

    private static void CopyFolder(string source, string target)
    {
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            string copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
    }
}
