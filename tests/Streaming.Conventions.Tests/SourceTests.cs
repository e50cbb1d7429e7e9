using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Streaming.Conventions.Tests;

/// <summary>Sizes and names of the C# sources.</summary>
public sealed class SourceTests
{
    private const int LongestFile = 400;
    private const int LongestFunction = 80;

    private static readonly string[] EmptyWords = ["Manager", "Helper", "Helpers", "Util", "Utils", "Base", "Impl", "Common", "Data", "Info"];

    [Fact]
    public void SourceFile_of_any_project_has_at_most_400_lines() => Offences.None(
        from source in Repository.Sources
        let lines = Repository.Read(source.Path).AsSpan().Count('\n')
        where lines > LongestFile
        select $"{source.Path}: {lines} lines");

    [Fact]
    public void Function_of_any_kind_has_at_most_80_lines() => Offences.None(
        from source in Repository.Sources
        from function in source.Tree.DescendantNodes().Where(IsFunction)
        let lines = Repository.LinesOf(function)
        where lines > LongestFunction
        select $"{source.Path}:{Repository.LineOf(function)}: a function of {lines} lines");

    // The FFmpeg binding bears the names of the structs it mirrors.
    [Fact]
    public void Type_name_says_what_it_is_without_an_empty_word() => Offences.None(
        from source in Repository.Sources
        from type in source.Tree.DescendantNodes().OfType<BaseTypeDeclarationSyntax>()
        from word in EmptyWords
        where !source.Path.Contains("/FFmpeg/", StringComparison.Ordinal) && type.Identifier.Text.EndsWith(word, StringComparison.Ordinal)
        select $"{source.Path}: {type.Identifier.Text} ends with {word}");

    [Fact]
    public void Test_name_reads_as_type_condition_result() => Offences.None(
        from source in Repository.Sources
        from method in source.Tree.DescendantNodes().OfType<MethodDeclarationSyntax>()
        where method.AttributeLists.SelectMany(list => list.Attributes).Any(a => a.Name.ToString() is "Fact" or "Theory")
        let name = method.Identifier.Text
        where !char.IsUpper(name[0]) || name.Split('_').Length < 3
        select $"{source.Path}: {name}");

    [Fact]
    public void Test_that_waits_by_sleeping_does_not_exist() => Offences.None(
        from source in Repository.Sources
        where source.Path.Contains(".Tests/", StringComparison.Ordinal)
        from access in source.Tree.DescendantNodes().OfType<MemberAccessExpressionSyntax>()
        where access.ToString() is "Thread.Sleep"
        select $"{source.Path}:{Repository.LineOf(access)}: {access}");

    private static bool IsFunction(SyntaxNode node) => node
        is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AnonymousFunctionExpressionSyntax or AccessorDeclarationSyntax;
}
