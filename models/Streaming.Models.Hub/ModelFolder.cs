using Streaming.Models.Families;

namespace Streaming.Models.Hub;

/// <summary>An installed model: a folder in Hugging Face's ONNX layout, with the small files read and checked.</summary>
public sealed class ModelFolder
{
    private readonly Lazy<Tokenizer> _tokenizer;

    private ModelFolder(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        string config = Read("config.json");
        Family = ModelFamily.Parse(config);
        Preprocessor = ImagePreprocessor.Parse(Read("preprocessor_config.json"), Family);
        Manifest = ModelManifest.Parse(Name, config, Preprocessor, ReadIfThere("generation_config.json"));
        _tokenizer = new Lazy<Tokenizer>(() => Tokenizer.Parse(Read("tokenizer.json")));
    }

    public string Name { get; }

    public string Path { get; }

    public ModelFamily Family { get; }

    public ModelManifest Manifest { get; }

    public ImagePreprocessor Preprocessor { get; }

    public Tokenizer Tokenizer => _tokenizer.Value;

    /// <summary>The renderer of this model's conversations.</summary>
    public PromptEncoder PromptEncoder() => new(Tokenizer, Template(), Manifest);

    /// <param name="path">A folder with config.json.</param>
    /// <exception cref="InvalidModelException">A file is missing or says something impossible; the message names it.</exception>
    public static ModelFolder Open(string path) => new(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));

    /// <summary>The graph of a session; the dtype picks the file as transformers.js does: fp32 has no suffix, fp16 <c>_fp16</c>, and so on.</summary>
    /// <param name="session"><c>vision_encoder</c>, <c>embed_tokens</c> or <c>decoder_model_merged</c>.</param>
    /// <exception cref="InvalidModelException">The folder lacks the file.</exception>
    public string Graph(string session, string dtype = "fp32") =>
        GraphIfThere(session, dtype) ?? throw new InvalidModelException($"Model {Name} lacks onnx/{GraphFile(session, dtype)}.");

    /// <summary>The same; null where the folder lacks the file.</summary>
    public string? GraphIfThere(string session, string dtype = "fp32") =>
        System.IO.Path.Combine(Path, "onnx", GraphFile(session, dtype)) is var file && File.Exists(file) ? file : null;

    /// <summary>The file name of a session's graph.</summary>
    internal static string GraphFile(string session, string dtype) =>
        $"{session}{dtype switch { "fp32" => "", "q8" => "_quantized", _ => "_" + dtype }}.onnx";

    /// <summary>The licence from the front matter of the model card, README.md; null where it says none.</summary>
    public string? Licence()
    {
        string? card = ReadIfThere("README.md");
        if (card is null || !card.StartsWith("---", StringComparison.Ordinal))
            return null;
        return card.Split('\n').Skip(1).TakeWhile(line => line.TrimEnd() != "---")
            .Select(line => line.Split(':', 2))
            .FirstOrDefault(pair => pair.Length == 2 && pair[0].Trim() is "license" or "licence")?[1].Trim().Trim('"', '\'');
    }

    public long SizeBytes() => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private ChatTemplate Template() => ChatTemplate.Parse(
        Read("tokenizer_config.json"),
        ReadIfThere("chat_template.jinja") ?? (ReadIfThere("chat_template.json") is { } json ? ChatTemplate.SourceIn(json) : null));

    private string Read(string file) => ReadIfThere(file) ?? throw new InvalidModelException($"{Path} lacks {file}.");

    private string? ReadIfThere(string file)
    {
        string path = System.IO.Path.Combine(Path, file);
        return File.Exists(path) ? File.ReadAllText(path) : null;
    }
}
