using System.Text.Json;

namespace Streaming.Deployment.Tests;

/// <summary>What the program says that it is made of.</summary>
public sealed class SbomTests
{
    [Fact]
    public async Task Sbom_lists_every_package_of_every_lock_file_once_and_with_its_hash()
    {
        Tool.Result result = await Tool.RunAsync(Tool.At("deploy/sbom"), []);
        Assert.True(result.Code == 0, result.Error);
        JsonElement document = JsonDocument.Parse(result.Output).RootElement;
        Assert.Equal(("CycloneDX", "1.5"), (document.GetProperty("bomFormat").GetString(), document.GetProperty("specVersion").GetString()));
        var listed = document.GetProperty("components").EnumerateArray().ToDictionary(component => component.GetProperty("purl").GetString()!);
        Assert.All(listed.Values, component => Assert.Matches("^[0-9a-f]{64,128}$", component.GetProperty("hashes")[0].GetProperty("content").GetString()));
        Assert.Contains(Packages(), package => package.StartsWith("pkg:nuget/Microsoft.IdentityModel.JsonWebTokens@", StringComparison.Ordinal));
        Assert.Contains(Packages(), package => package.StartsWith("pkg:npm/onnxruntime-node@", StringComparison.Ordinal));
        Assert.All(Packages(), package => Assert.Contains(package, listed.Keys));
        Assert.Equal(Directory.GetFiles(Tool.At("models/scenes/onnx")).Length, listed.Values.Count(component => component.GetProperty("type").GetString() == "machine-learning-model"));
    }

    [Fact]
    public void Project_each_with_packages_has_its_lock_file()
    {
        string[] without = [.. Files("*.csproj").Where(project => File.ReadAllText(project).Contains("<PackageReference", StringComparison.Ordinal) && !File.Exists(Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json")))];
        Assert.Empty(without);
    }

    private static IEnumerable<string> Packages() => [.. Files("packages.lock.json").SelectMany(Nuget).Concat(Files("package-lock.json").SelectMany(Npm)).Distinct()];

    private static IEnumerable<string> Nuget(string path) =>
        from framework in JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("dependencies").EnumerateObject()
        from package in framework.Value.EnumerateObject()
        where package.Value.GetProperty("type").GetString() != "Project"
        select $"pkg:nuget/{package.Name}@{package.Value.GetProperty("resolved").GetString()}";

    private static IEnumerable<string> Npm(string path) =>
        from package in JsonDocument.Parse(File.ReadAllText(path)).RootElement.GetProperty("packages").EnumerateObject()
        where package.Name.Length > 0 && package.Value.TryGetProperty("integrity", out _)
        let name = package.Name[(package.Name.LastIndexOf("node_modules/", StringComparison.Ordinal) + "node_modules/".Length)..]
        select $"pkg:npm/{name.Replace("@", "%40", StringComparison.Ordinal)}@{package.Value.GetProperty("version").GetString()}";

    /// <summary>Of the repository, without what was installed or built.</summary>
    private static IEnumerable<string> Files(string name) => Directory.EnumerateFiles(Tool.At("."), name, SearchOption.AllDirectories)
        .Where(path => !path.Split(Path.DirectorySeparatorChar).Any(folder => folder is "node_modules" or "bin" or "obj" or ".build" or ".git"));
}
