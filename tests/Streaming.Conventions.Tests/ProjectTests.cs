using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Streaming.Conventions.Tests;

/// <summary>Which project may reference what: models ← pipelines ← services ← tests, and pure projects reach nothing outside.</summary>
public sealed class ProjectTests
{
    private static readonly string[] MachineBuilds = ["@img/sharp-", "@rolldown/binding-", "@typescript/typescript-", "lightningcss-"];

    private static readonly string[] Layers = ["models", "pipelines", "services", "tests"];
    private static readonly string[] Pure = ["models/Streaming.Models/", "pipelines/Streaming.Compression/", "pipelines/Streaming.Perception/"];
    private static readonly string[] Outside =
        ["File", "Directory", "FileStream", "FileInfo", "HttpClient", "Socket", "Stopwatch", "Process", "DateTime.Now", "DateTime.UtcNow", "DateTimeOffset.Now", "DateTimeOffset.UtcNow"];

    [Fact]
    public void Project_reference_points_to_its_own_layer_or_one_below() => Offences.None(
        from project in Repository.Projects
        from reference in Elements(project, "ProjectReference")
        let target = Path.GetRelativePath(Repository.Root, Path.GetFullPath(Path.Combine(Repository.Root, Path.GetDirectoryName(project)!, Include(reference))))
        where LayerOf(target) > LayerOf(project)
        select $"{project} references {target}");

    [Fact]
    public void Project_on_disk_stands_in_the_solution()
    {
        var solution = Repository.Read("Streaming.sln").Replace('\\', '/');
        Assert.All(Repository.Projects, project => Assert.Contains($"\"{project}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void PureProject_package_is_only_the_tensor_primitives() => Offences.None(
        from project in Repository.Projects
        where Pure.Any(folder => project.StartsWith(folder, StringComparison.Ordinal))
        from reference in Elements(project, "PackageReference")
        where Include(reference) != "System.Numerics.Tensors"
        select $"{project} takes {Include(reference)}");

    [Fact]
    public void PureProject_code_touches_no_clock_file_or_network() => Offences.None(
        from source in Repository.Sources
        where Pure.Any(folder => source.Path.StartsWith(folder, StringComparison.Ordinal))
        from node in source.Tree.DescendantNodes()
        let name = node switch
        {
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax left } access when Outside.Contains(access.ToString()) => access.ToString(),
            MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax left } => left.Identifier.Text,
            ObjectCreationExpressionSyntax created => created.Type.ToString(),
            _ => null,
        }
        where Outside.Contains(name)
        select $"{source.Path}:{Repository.LineOf(node)}: {name}");

    [Fact]
    public void PackageVersion_in_the_central_list_is_exact() => Offences.None(
        from version in Elements("Directory.Packages.props", "PackageVersion")
        where !Regex.IsMatch((string)version.Attribute("Version")!, @"^\d+\.\d+\.\d+(\.\d+)?(-[\w.]+)?$")
        select $"{Include(version)} {(string)version.Attribute("Version")!}");

    [Fact]
    public void Notice_of_third_parties_names_every_package()
    {
        var notice = Repository.Read("NOTICE");
        Offences.None(
            from version in Elements("Directory.Packages.props", "PackageVersion")
            where !notice.Contains($"{Include(version)} {(string)version.Attribute("Version")!}", StringComparison.Ordinal)
            select $"{Include(version)} {(string)version.Attribute("Version")!}");
    }

    [Fact]
    public void Notice_of_third_parties_names_every_npm_package()
    {
        var notice = Repository.Read("NOTICE");
        Offences.None(
            from file in Repository.Files
            where Path.GetFileName(file) == "package-lock.json"
            from package in JsonDocument.Parse(Repository.Read(file)).RootElement.GetProperty("packages").EnumerateObject()
            let name = package.Name.Split("node_modules/")[^1]
            where name.Length > 0
            // The builds for each kind of machine stand in one line.
            let build = MachineBuilds.FirstOrDefault(prefix => name.StartsWith(prefix, StringComparison.Ordinal))
            let line = build is null ? $"{name} {package.Value.GetProperty("version").GetString()}" : $"{build}* "
            where !notice.Contains(line, StringComparison.Ordinal)
            select line);
    }

    [Fact]
    public void Page_and_model_card_name_the_packages_that_carry_the_weights_of_perception() => Offences.None(
        from package in JsonDocument.Parse(Repository.Read("models/perception/package.json")).RootElement.GetProperty("dependencies").EnumerateObject()
        from file in new[] { "services/Streaming.Server/web/src/app/Footer.tsx", "models/perception/README.md" }
        where !Repository.Read(file).Replace("`", "", StringComparison.Ordinal).Contains($"{package.Name} {package.Value.GetString()}", StringComparison.Ordinal)
        select $"{file}: {package.Name} {package.Value.GetString()}");

    private static IEnumerable<XElement> Elements(string file, string name) => XDocument.Parse(Repository.Read(file)).Descendants(name);

    private static string Include(XElement item) => ((string)item.Attribute("Include")!).Replace('\\', '/');

    private static int LayerOf(string path) => Array.IndexOf(Layers, path.Replace('\\', '/').Split('/')[0]);
}
