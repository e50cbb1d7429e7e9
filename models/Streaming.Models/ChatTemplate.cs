using System.Text.Json;
using Streaming.Models.Jinja;

namespace Streaming.Models;

/// <summary>
/// The chat template of a model folder: a subset of Jinja with the whitespace rules that Hugging Face sets (trim_blocks, lstrip_blocks).
/// Immutable; any thread may render.
/// </summary>
public sealed class ChatTemplate
{
    private readonly IReadOnlyList<Statement> _body;
    private readonly Dictionary<string, object?> _constants;

    /// <param name="source">The template's text.</param>
    /// <param name="constants">Variables besides the messages, such as <c>bos_token</c>.</param>
    /// <exception cref="TemplateException">The template uses something outside the subset; the message names it.</exception>
    public ChatTemplate(string source, IReadOnlyDictionary<string, string>? constants = null)
    {
        _body = Guarded(() => new Parser(Lexer.Read(source)).ParseTemplate());
        _constants = constants?.ToDictionary(pair => pair.Key, pair => (object?)pair.Value) ?? [];
    }

    /// <summary>Reads tokenizer_config.json, whose template one in a file of its own replaces.</summary>
    /// <param name="tokenizerConfig">Text of tokenizer_config.json.</param>
    /// <param name="separate">Text of the template's own file; null where there is none.</param>
    /// <exception cref="InvalidModelException">Neither file has a template.</exception>
    public static ChatTemplate Parse(string tokenizerConfig, string? separate = null) =>
        ModelJson.Read("tokenizer_config.json", tokenizerConfig, root => Parse(root, separate));

    /// <summary>The template's text in a chat_template.json.</summary>
    /// <exception cref="InvalidModelException">It has none.</exception>
    public static string SourceIn(string json) => ModelJson.Read(
        "chat_template.json", json,
        root => Source(root.Child("chat_template")) ?? throw new InvalidModelException("chat_template.json has no \"chat_template\"."));

    private static ChatTemplate Parse(JsonElement root, string? separate)
    {
        string source = separate ?? Source(root.Child("chat_template"))
            ?? throw new InvalidModelException("tokenizer_config.json has no \"chat_template\".");
        var constants = new Dictionary<string, string>();
        foreach (string name in (string[])["bos_token", "eos_token", "pad_token", "unk_token"])
            if (Spelling(root.Child(name)) is { } token)
                constants[name] = token;
        return new ChatTemplate(source, constants);
    }

    /// <summary>Renders the conversation; a frame is given to the template as <c>{"type": "image"}</c>, a video as <c>{"type": "video"}</c>.</summary>
    /// <param name="escape">Applied to every text before it enters the template.</param>
    /// <exception cref="TemplateException">The template refuses the conversation or fails.</exception>
    public string Render(Prompt prompt, bool addGenerationPrompt = true, Func<string, string>? escape = null)
    {
        var messages = prompt.Messages.Select(message => (object?)new Dictionary<string, object?>
        {
            ["role"] = message.Role,
            ["content"] = message.Content.Select(part => Part(part, escape)).ToList(),
        });
        return Render(new Dictionary<string, object?> { ["messages"] = messages.ToList(), ["add_generation_prompt"] = addGenerationPrompt });
    }

    /// <summary>Renders with arbitrary variables: strings, booleans, long, double, null, lists and dictionaries of them.</summary>
    public string Render(IReadOnlyDictionary<string, object?> variables)
    {
        var scope = new Scope(null);
        foreach (var (name, value) in _constants.Concat(variables))
            scope.Set(name, value);
        Bounds.Begin();
        return Guarded(() => new Interpreter().Render(_body, scope));
    }

    /// <summary>A template that asks for what cannot be done, such as a division by zero or a name given twice, fails as one that refuses.</summary>
    private static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception error) when (error is ArgumentException or ArithmeticException or FormatException or InvalidOperationException or OutOfMemoryException or IndexOutOfRangeException)
        {
            throw new TemplateException($"it asks for what cannot be done ({error.GetType().Name}).");
        }
    }

    private static object? Part(ContentPart part, Func<string, string>? escape) => part switch
    {
        TextPart text => new Dictionary<string, object?> { ["type"] = "text", ["text"] = escape?.Invoke(text.Text) ?? text.Text },
        VisualPart => new Dictionary<string, object?> { ["type"] = "image" },
        VideoPart => new Dictionary<string, object?> { ["type"] = "video" },
        _ => throw new NotSupportedException($"{part.GetType().Name} has no form in chat templates."),
    };

    /// <summary>A template is a string or a list of named ones, of which "default" counts.</summary>
    private static string? Source(JsonElement? template) => template switch
    {
        { ValueKind: JsonValueKind.String } one => one.GetString(),
        { ValueKind: JsonValueKind.Array } many => many.EnumerateArray()
            .FirstOrDefault(named => named.Child("name")?.GetString() == "default").Child("template")?.GetString(),
        _ => null,
    };

    private static string? Spelling(JsonElement? token) => token switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Object } added => added.Child("content")?.GetString(),
        _ => null,
    };
}
