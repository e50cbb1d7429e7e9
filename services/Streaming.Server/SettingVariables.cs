namespace Streaming.Server;

/// <summary>Where settings come from: the environment, or for secrets a file that it names.</summary>
public static class SettingVariables
{
    /// <summary>Appended to a variable's name, it names the variable that holds the path of a file with the value.</summary>
    public const string FileSuffix = "_FILE";

    /// <summary>The variable <paramref name="name"/> of this process, or what the file of its <see cref="FileSuffix"/> holds.</summary>
    /// <exception cref="SettingException">The file cannot be read.</exception>
    public static string? Read(string name) => Read(name, Environment.GetEnvironmentVariable);

    /// <param name="variable">The value of a variable; null where it is not set.</param>
    /// <returns>Null where neither is set. A file's value is without white space at its ends, such as the end of its line.</returns>
    /// <exception cref="SettingException">The file cannot be read, or both are set.</exception>
    public static string? Read(string name, Func<string, string?> variable)
    {
        string? value = variable(name);
        if (variable(name + FileSuffix) is not { Length: > 0 } path)
            return value;
        if (!string.IsNullOrEmpty(value))
            throw new SettingException($"{name} and {name}{FileSuffix} are both set: only one of them can hold");
        try
        {
            return File.ReadAllText(path).Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new SettingException(name + FileSuffix, path, "the path of a file that can be read");
        }
    }
}
