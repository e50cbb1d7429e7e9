using System.Runtime.CompilerServices;

namespace Streaming.Models.Jinja;

/// <summary>
/// What a template may cost, whoever wrote it: a model folder is data, and may not hold its reader up, take all its memory or end it. Every
/// value costs as much as it is long. One thread renders one template at a time.
/// </summary>
internal static class Bounds
{
    /// <summary>Real templates cost some thousand plus the length of what they render.</summary>
    private const long MostCost = 20_000_000;

    /// <summary>Longer than any context that a model reads.</summary>
    private const int LongestText = 4 << 20;

    [ThreadStatic]
    private static long _spent;

    /// <summary>A rendering begins.</summary>
    public static void Begin() => _spent = 0;

    /// <exception cref="TemplateException">The template has cost more than it may.</exception>
    public static void Spend(long cost)
    {
        if ((_spent += cost) > MostCost)
            throw new TemplateException("it takes too long.");
    }

    /// <summary>Before something that may make a text of so many characters.</summary>
    /// <exception cref="TemplateException">Nothing may be so long.</exception>
    public static void Text(long length)
    {
        if (length > LongestText)
            throw new TemplateException("it writes too much.");
        Spend(length);
    }

    /// <summary>Counts a value that was made.</summary>
    public static object? Made(object? value)
    {
        Spend(1 + value switch { string text => text.Length, List<object?> list => list.Count, Dictionary<string, object?> map => map.Count, _ => 0 });
        return value;
    }

    /// <summary>Counts a value with all inside it, before something that walks through it.</summary>
    public static void Walk(object? value)
    {
        Nesting();
        Made(value);
        IEnumerable<object?> inside = value switch { List<object?> list => list, Dictionary<string, object?> map => map.Values, _ => [] };
        foreach (object? item in inside)
            Walk(item);
    }

    /// <summary>Where something may be nested: a stack that overflows would end the process.</summary>
    /// <exception cref="TemplateException">It is nested too deeply.</exception>
    public static void Nesting()
    {
        if (!RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw new TemplateException("it is nested too deeply.");
    }
}
