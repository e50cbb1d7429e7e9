using System.Text.Json;

namespace Streaming.Server.Evaluation;

/// <summary>A question of a benchmark with its right answer.</summary>
/// <param name="Video">Path of the film.</param>
/// <param name="Options">What may be chosen from, without letters; empty for a question that is answered in words.</param>
/// <param name="Answer">The letter of the right option, or the right words where there are no options.</param>
/// <param name="Task">What it tests; empty if the benchmark does not say.</param>
public sealed record EvaluationItem(string Video, string Question, IReadOnlyList<string> Options, string Answer, string Task)
{
    /// <summary>As many options as there are letters.</summary>
    private const int MostOptions = 26;

    /// <summary>Reads a benchmark, one JSON object a line: <c>video</c> (relative to the file), <c>question</c>, <c>answer</c>, and where the benchmark has them
    /// <c>options</c> and <c>task</c>. The answer to a question with options is a letter, or the option itself.</summary>
    /// <exception cref="InvalidDataException">A line is not such an object or names a film that does not exist; the message names the line.</exception>
    public static IReadOnlyList<EvaluationItem> ReadAll(string path)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        var items = new List<EvaluationItem>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
                items.Add(Read(line, folder, $"{Path.GetFileName(path)}, line {number}"));
        }
        return items.Count > 0 ? items : throw new InvalidDataException($"{Path.GetFileName(path)} holds no question");
    }

    private static EvaluationItem Read(string line, string folder, string where)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement item = document.RootElement;
            if (item.ValueKind != JsonValueKind.Object)
                throw new InvalidDataException("it is no JSON object");
            string video = Path.Combine(folder, Text(item, "video"));
            if (!File.Exists(video))
                throw new InvalidDataException($"there is no film {video}");
            string[] options = [.. Texts(item, "options").Select(OptionLetter.Strip)];
            string answer = Text(item, "answer");
            return new EvaluationItem(
                video, Text(item, "question"), options, options.Length > 0 ? Letter(answer, options) : answer, item.TryGetProperty("task", out _) ? Text(item, "task") : "");
        }
        catch (Exception e) when (e is JsonException or InvalidDataException)
        {
            throw new InvalidDataException($"{where}: {e.Message}");
        }
    }

    private static string Letter(string answer, string[] options)
    {
        int chosen = Array.IndexOf(options, OptionLetter.Strip(answer));
        string letter = chosen >= 0 ? OptionLetter.Of(chosen) : OptionLetter.Parse(answer, options.Length)
            ?? throw new InvalidDataException($"the answer \"{answer}\" is none of the {options.Length} options and no letter of one");
        return letter;
    }

    private static string Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw new InvalidDataException($"\"{name}\" has to be a text");

    private static IEnumerable<string> Texts(JsonElement item, string name)
    {
        if (!item.TryGetProperty(name, out JsonElement value) || value.ValueKind == JsonValueKind.Null)
            return [];
        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() is 1 or > MostOptions || value.EnumerateArray().Any(text => text.ValueKind != JsonValueKind.String))
            throw new InvalidDataException($"\"{name}\" has to be a list of 2 to {MostOptions} texts");
        return [.. value.EnumerateArray().Select(text => text.GetString()!)];
    }
}
