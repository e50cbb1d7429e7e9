using System.Text.RegularExpressions;

namespace Streaming.Conventions.Tests;

/// <summary>Nothing in the repository depends on one machine or names one registry.</summary>
public sealed partial class TextTests
{
    private const int LargestText = 4 << 20;

    [Fact]
    public void TextFile_of_any_kind_names_no_machine_path_or_registry_host() => Offences.None(
        from path in Repository.Files
        let text = TextOf(path)
        where text is not null
        from match in Machine().Matches(text)
        select $"{path}:{text.AsSpan(0, match.Index).Count('\n') + 1}: {match.Value}");

    /// <summary>The text of a file, or null when it holds a zero byte early on or is larger than 4 MiB.</summary>
    private static string? TextOf(string path)
    {
        var file = new FileInfo(Path.Combine(Repository.Root, path));
        if (file.Length > LargestText)
            return null;
        var bytes = File.ReadAllBytes(file.FullName);
        return bytes.AsSpan(0, Math.Min(bytes.Length, 8000)).Contains((byte)0) ? null : System.Text.Encoding.UTF8.GetString(bytes);
    }

    [GeneratedRegex(@"/wor[k]/|/far[m]\b|/tmp/bash_job[s]|\.librar[y]\b|\.\./share[d]\b|nuge[t]\.org|registry\.npmj[s]\.|deb\.debia[n]\.org")]
    private static partial Regex Machine();
}
