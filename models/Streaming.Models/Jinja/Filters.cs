using System.Globalization;

namespace Streaming.Models.Jinja;

/// <summary>The filters that chat templates use.</summary>
internal static class Filters
{
    public static object? Apply(string name, object? value, CallValues values) => name switch
    {
        "trim" => Value.Text(value).Trim(),
        "upper" => Value.Text(value).ToUpperInvariant(),
        "lower" => Value.Text(value).ToLowerInvariant(),
        "capitalize" => Capitalise(Value.Text(value)),
        "title" => Title(Value.Text(value)),
        "string" => Value.Text(value),
        "tojson" => Value.Json(value, values.Has(0, "indent") ? (int)Value.Number(values.Get(0, "indent")) : null),
        "length" or "count" => (long)Value.Items(value).Count(),
        "list" => Value.Items(value).ToList(),
        "reverse" => value is string text ? string.Concat(Value.Items(text).Reverse()) : Value.Items(value).Reverse().ToList(),
        "first" => Value.Items(value).FirstOrDefault(Undefined.Value),
        "last" => Value.Items(value).LastOrDefault(Undefined.Value),
        "join" => Join(values.Text(0), Value.Items(value)),
        "replace" => Replace(Value.Text(value), values.Text(0), values.Text(1)),
        "default" or "d" => value is Undefined || (Value.Truth(values.Get(1, "boolean")) && !Value.Truth(value)) ? values.Get(0, absent: "") : value,
        "items" => Methods.Call(value, "items", values),
        "int" => value is string digits ? (long.TryParse(digits, CultureInfo.InvariantCulture, out long parsed) ? parsed : 0L) : (long)Value.Number(value),
        "abs" => value is long number ? (object)Math.Abs(number) : Math.Abs(Value.Number(value)),
        "selectattr" => Select(value, values, keep: true),
        "rejectattr" => Select(value, values, keep: false),
        "map" => Map(value, values),
        _ => throw new TemplateException($"the filter \"{name}\" is not supported."),
    };

    public static string Replace(string text, string old, string with)
    {
        if (old.Length == 0)
            throw new TemplateException("nothing is replaced by something.");
        Bounds.Text(text.Length + ((text.Length / old.Length) * (long)with.Length));
        return text.Replace(old, with, StringComparison.Ordinal);
    }

    private static string Join(string separator, IEnumerable<object?> items)
    {
        var parts = new List<string>();
        foreach (object? item in items)
        {
            parts.Add(Value.Text(item));
            Bounds.Spend(1 + separator.Length + parts[^1].Length);
        }
        Bounds.Text(parts.Sum(part => (long)part.Length + separator.Length));
        return string.Join(separator, parts);
    }

    public static string Capitalise(string text) => text.Length == 0 ? text : text[..1].ToUpperInvariant() + text[1..].ToLowerInvariant();

    public static string Title(string text)
    {
        var chars = text.ToCharArray();
        for (int i = 0; i < chars.Length; i++)
            chars[i] = i > 0 && char.IsLetter(chars[i - 1]) ? char.ToLowerInvariant(chars[i]) : char.ToUpperInvariant(chars[i]);
        return new string(chars);
    }

    /// <summary>selectattr(name), selectattr(name, test) and selectattr(name, test, argument).</summary>
    private static List<object?> Select(object? value, CallValues values, bool keep)
    {
        string attribute = values.Text(0);
        return [.. Value.Items(value).Where(item => Matches(Evaluator.At(item, attribute)) == keep)];

        bool Matches(object? found) => values.Count < 2 ? Value.Truth(found) : Tests.Holds(values.Text(1), found, values, skip: 2);
    }

    private static List<object?> Map(object? value, CallValues values) => values.Count == 0 && values.Has(0, "attribute")
        ? [.. Value.Items(value).Select(item => Evaluator.At(item, values.Get(0, "attribute")))]
        : [.. Value.Items(value).Select(item => Apply(values.Text(0), item, new CallValues(Arguments.None, new Scope(null))))];
}

/// <summary>The tests after <c>is</c>.</summary>
internal static class Tests
{
    /// <param name="skip">How many arguments stand before the test's own.</param>
    public static bool Holds(string name, object? value, CallValues values, int skip = 0) => name switch
    {
        "defined" => value is not Undefined,
        "undefined" => value is Undefined,
        "none" => value is null,
        "string" => value is string,
        "number" => value is long or double,
        "integer" => value is long,
        "float" => value is double,
        "boolean" => value is bool,
        "true" => value is true,
        "false" => value is false,
        "mapping" => value is Dictionary<string, object?>,
        "iterable" or "sequence" => value is List<object?> or string or Dictionary<string, object?>,
        "odd" => value is long odd && odd % 2 != 0,
        "even" => value is long even && even % 2 == 0,
        "equalto" or "eq" => Value.Equals(value, values.Get(skip)),
        "ne" => !Value.Equals(value, values.Get(skip)),
        "in" => Value.Contains(values.Get(skip), value),
        _ => throw new TemplateException($"the test \"{name}\" is not supported."),
    };
}
