using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Streaming.Conventions.Tests;

/// <summary>The README speaks only of what exists.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string Readme = Repository.Read("README.md");

    [Fact]
    public void Readme_type_in_code_marks_is_declared_somewhere()
    {
        var declared = Repository.Sources
            .SelectMany(source => source.Tree.DescendantNodes().OfType<BaseTypeDeclarationSyntax>())
            .Select(type => type.Identifier.Text).ToHashSet();
        Offences.None(TypeName().Matches(Readme).Select(match => match.Groups[1].Value).Where(name => !declared.Contains(name)).Distinct());
    }

    [Fact]
    public void Readme_verb_after_run_is_listed_by_help()
    {
        var verbs = VerbsIn(CommandTests.Run("bash", "run", "--help").Output);
        Offences.None(RunVerb().Matches(Readme).Select(match => match.Groups[1].Value).Where(verb => !verbs.Contains(verb)).Distinct());
    }

    [Fact]
    public void Readme_link_to_a_file_finds_it() => Offences.None(
        from match in Link().Matches(Readme)
        let target = match.Groups[1].Value
        where !target.Contains("://", StringComparison.Ordinal) && !Path.Exists(Path.Combine(Repository.Root, target))
        select target);

    [Fact]
    public void Readme_project_it_names_exists()
    {
        var projects = Repository.Projects.Select(Path.GetFileNameWithoutExtension).ToHashSet();
        Offences.None(ProjectName().Matches(Readme).Select(match => match.Value).Where(name => !projects.Contains(name)).Distinct());
    }

    /// <summary>The first words of the indented lines of a help text.</summary>
    internal static HashSet<string> VerbsIn(string help) => [.. HelpVerb().Matches(help).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]*)+|I[A-Z][A-Za-z0-9]+)`")]
    private static partial Regex TypeName();

    [GeneratedRegex(@"\./run ([a-z]+)")]
    private static partial Regex RunVerb();

    [GeneratedRegex(@"^  ([a-z]+) ", RegexOptions.Multiline)]
    private static partial Regex HelpVerb();

    [GeneratedRegex(@"\]\(([^)#\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex(@"\bStreaming(\.[A-Z][A-Za-z]+)+(?!\w)(?!\.sln)")]
    private static partial Regex ProjectName();
}
