namespace Streaming.Server.Tests;

/// <summary>Files that are committed beside the tests and that what the program says or writes is held against.</summary>
internal static class Golden
{
    /// <summary>Set to 1 when ./test or dotnet test runs: what is new is taken over into the files.</summary>
    public const string Variable = "UPDATE_GOLDEN";

    public static bool IsUpdated => Environment.GetEnvironmentVariable(Variable) == "1";

    /// <param name="path">Relative to this project's folder.</param>
    public static string At(string path)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Streaming.sln")))
            folder = folder.Parent;
        return Path.Combine(folder!.FullName, "tests", "Streaming.Server.Tests", path);
    }
}
