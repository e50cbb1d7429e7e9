namespace Streaming.Models.Jinja;

/// <summary>A chat template cannot be read, fails while it runs, or refuses its input with raise_exception.</summary>
public sealed class TemplateException(string message) : InvalidModelException($"Chat template: {message}");
