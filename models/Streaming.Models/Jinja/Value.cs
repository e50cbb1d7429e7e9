using System.Globalization;
using System.Text;

namespace Streaming.Models.Jinja;

/// <summary>What a missing variable or key evaluates to: empty text, false, no items.</summary>
internal sealed class Undefined
{
    public static readonly Undefined Value = new();
}

/// <summary>Python's rules for the values that templates handle: null, bool, long, double, string, List, Dictionary.</summary>
internal static class Value
{
    public static bool Truth(object? value) => value switch
    {
        null or Undefined => false,
        bool flag => flag,
        long number => number != 0,
        double number => number != 0,
        string text => text.Length > 0,
        List<object?> list => list.Count > 0,
        Dictionary<string, object?> map => map.Count > 0,
        _ => true,
    };

    public static string Text(object? value)
    {
        if (value is Undefined or string)
            return value as string ?? "";
        Bounds.Walk(value);
        return Representation(value);
    }

    /// <summary>Iterating a string gives its code points, a dictionary its keys.</summary>
    public static IEnumerable<object?> Items(object? value) => value switch
    {
        Undefined => [],
        List<object?> list => list,
        Dictionary<string, object?> map => map.Keys,
        string text => text.EnumerateRunes().Select(rune => (object?)rune.ToString()),
        _ => throw new TemplateException($"{Text(value)} has no items."),
    };

    public static new bool Equals(object? left, object? right) => (left, right) switch
    {
        (bool a, bool b) => a == b,
        (long or double, long or double) => Number(left) == Number(right),
        (List<object?> a, List<object?> b) => a.Count == b.Count && a.Zip(b).All(pair => Within(pair.First, pair.Second)),
        (Dictionary<string, object?> a, Dictionary<string, object?> b) =>
            a.Count == b.Count && a.All(pair => b.TryGetValue(pair.Key, out object? other) && Within(pair.Value, other)),
        _ => object.Equals(left, right),
    };

    private static bool Within(object? left, object? right)
    {
        Bounds.Nesting();
        Bounds.Spend(1);
        return Equals(left, right);
    }

    public static double Number(object? value) => value switch
    {
        long number => number,
        double number => number,
        bool flag => flag ? 1 : 0,
        _ => throw new TemplateException($"{Text(value)} is no number."),
    };

    public static bool Contains(object? container, object? item) => container switch
    {
        string text => item is string part && text.Contains(part, StringComparison.Ordinal),
        Dictionary<string, object?> map => item is string key && map.ContainsKey(key),
        _ => Items(container).Any(element => Equals(element, item)),
    };

    /// <summary>Python's repr.</summary>
    private static string Representation(object? value) => value switch
    {
        null => "None",
        Undefined => "Undefined",
        bool flag => flag ? "True" : "False",
        double number => number == Math.Floor(number) && Math.Abs(number) < 1e16
            ? number.ToString("0.0", CultureInfo.InvariantCulture)
            : number.ToString("R", CultureInfo.InvariantCulture),
        string text => "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal) + "'",
        List<object?> list => "[" + string.Join(", ", list.Select(Representation)) + "]",
        Dictionary<string, object?> map =>
            "{" + string.Join(", ", map.Select(pair => $"{Representation(pair.Key)}: {Representation(pair.Value)}")) + "}",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Python's json.dumps with ensure_ascii=False.</summary>
    /// <param name="indent">Spaces a level; null for one line.</param>
    public static string Json(object? value, int? indent, int level = 0)
    {
        if (level == 0)
            Bounds.Walk(value);
        if (indent is < 0 or > 100)
            throw new TemplateException("an indent has to be 0 to 100 spaces.");
        Bounds.Spend(1 + ((long)(indent ?? 0) * (level + 1)));
        string separator = indent is null ? ", " : ",\n" + new string(' ', indent.Value * (level + 1));
        string open = indent is null ? "" : "\n" + new string(' ', indent.Value * (level + 1));
        string close = indent is null ? "" : "\n" + new string(' ', indent.Value * level);
        return value switch
        {
            null or Undefined => "null",
            bool flag => flag ? "true" : "false",
            string text => Quoted(text),
            List<object?> { Count: 0 } => "[]",
            Dictionary<string, object?> { Count: 0 } => "{}",
            List<object?> list => "[" + open + string.Join(separator, list.Select(item => Json(item, indent, level + 1))) + close + "]",
            Dictionary<string, object?> map => "{" + open
                + string.Join(separator, map.Select(pair => $"{Quoted(pair.Key)}: {Json(pair.Value, indent, level + 1)}")) + close + "}",
            _ => Representation(value),
        };
    }

    private static string Quoted(string text)
    {
        var quoted = new StringBuilder("\"");
        foreach (char c in text)
            quoted.Append(c switch
            {
                '"' => "\\\"",
                '\\' => "\\\\",
                '\n' => "\\n",
                '\r' => "\\r",
                '\t' => "\\t",
                '\b' => "\\b",
                '\f' => "\\f",
                < ' ' => $"\\u{(int)c:x4}",
                _ => c.ToString(),
            });
        return quoted.Append('"').ToString();
    }
}
