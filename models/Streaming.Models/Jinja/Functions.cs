namespace Streaming.Models.Jinja;

/// <summary>The global functions.</summary>
internal static class Functions
{
    public static object? Call(string name, CallValues values) => name switch
    {
        "namespace" or "dict" => values.Named.ToDictionary(pair => pair.Name, pair => pair.Value),
        "range" => Range(values),
        "raise_exception" => throw new TemplateException(values.Text(0)),
        _ => throw new TemplateException($"the function \"{name}\" is not supported."),
    };

    private static List<object?> Range(CallValues values)
    {
        long[] bounds = [.. Enumerable.Range(0, values.Count).Select(i => (long)Value.Number(values.Get(i)))];
        var (start, stop, step) = bounds.Length == 1 ? (0, bounds[0], 1) : (bounds[0], bounds[1], bounds.ElementAtOrDefault(2) is var s and not 0 ? s : 1);
        var numbers = new List<object?>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            Bounds.Spend(1);
            numbers.Add(i);
        }
        return numbers;
    }
}

/// <summary>The methods of strings and dictionaries that templates call.</summary>
internal static class Methods
{
    public static object? Call(object? target, string method, CallValues values) => target switch
    {
        string text => OfText(text, method, values),
        Dictionary<string, object?> map => OfMap(map, method, values),
        _ => throw new TemplateException($"the method \"{method}\" of \"{Value.Text(target)}\" is not supported."),
    };

    private static object? OfText(string text, string method, CallValues values) => method switch
    {
        "strip" => values.Count == 0 ? text.Trim() : text.Trim(values.Text(0).ToCharArray()),
        "lstrip" => values.Count == 0 ? text.TrimStart() : text.TrimStart(values.Text(0).ToCharArray()),
        "rstrip" => values.Count == 0 ? text.TrimEnd() : text.TrimEnd(values.Text(0).ToCharArray()),
        "upper" => text.ToUpperInvariant(),
        "lower" => text.ToLowerInvariant(),
        "title" => Filters.Title(text),
        "capitalize" => Filters.Capitalise(text),
        "startswith" => text.StartsWith(values.Text(0), StringComparison.Ordinal),
        "endswith" => text.EndsWith(values.Text(0), StringComparison.Ordinal),
        "replace" => Filters.Replace(text, values.Text(0), values.Text(1)),
        "split" => Split(text, values),
        _ => throw new TemplateException($"the string method \"{method}\" is not supported."),
    };

    private static List<object?> Split(string text, CallValues values)
    {
        if (values.Count == 0)
            return [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
        int parts = values.Count > 1 ? (int)Value.Number(values.Get(1)) + 1 : int.MaxValue;
        return [.. text.Split(values.Text(0), parts)];
    }

    private static object? OfMap(Dictionary<string, object?> map, string method, CallValues values) => method switch
    {
        "items" => map.Select(pair => (object?)new List<object?> { pair.Key, pair.Value }).ToList(),
        "keys" => map.Keys.Cast<object?>().ToList(),
        "values" => map.Values.ToList(),
        "get" => map.TryGetValue(values.Text(0), out object? value) ? value : values.Get(1),
        _ => throw new TemplateException($"the dictionary method \"{method}\" is not supported."),
    };
}
