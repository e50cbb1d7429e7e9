using Streaming.Models.Speech;

namespace Streaming.Models.Hub;

/// <summary>An installed speech recogniser: a folder of Whisper's family in Hugging Face's ONNX layout, with the small files read and checked.</summary>
public sealed class SpeechFolder
{
    private SpeechFolder(string path)
    {
        Path = path;
        Name = System.IO.Path.GetFileName(path);
        Manifest = WhisperManifest.Parse(Read("config.json"), Read("generation_config.json"), Read("preprocessor_config.json"));
        Tokenizer = Tokenizer.Parse(Read("tokenizer.json"));
    }

    public string Name { get; }

    public string Path { get; }

    public WhisperManifest Manifest { get; }

    public Tokenizer Tokenizer { get; }

    /// <summary>Whether a model's folder is one of a speech recogniser.</summary>
    public static bool IsOne(string path) => Directory.Exists(System.IO.Path.Combine(path, "onnx")) && Directory.EnumerateFiles(System.IO.Path.Combine(path, "onnx"), "encoder_model*.onnx").Any();

    /// <param name="path">A folder with config.json.</param>
    /// <exception cref="InvalidModelException">A file is missing or says something impossible; the message names it.</exception>
    public static SpeechFolder Open(string path) => new(System.IO.Path.TrimEndingDirectorySeparator(System.IO.Path.GetFullPath(path)));

    /// <summary>The graph of a session, in a dtype by transformers.js' names, or in single precision where the folder has no other.</summary>
    /// <param name="session"><c>encoder_model</c> or <c>decoder_model_merged</c>.</param>
    /// <exception cref="InvalidModelException">The folder lacks the file.</exception>
    public string Graph(string session, string dtype)
    {
        string[] files = [.. new[] { dtype, "fp32" }.Select(one => System.IO.Path.Combine(Path, "onnx", ModelFolder.GraphFile(session, one)))];
        return Array.Find(files, File.Exists) ?? throw new InvalidModelException($"Model {Name} lacks onnx/{System.IO.Path.GetFileName(files[^1])}.");
    }

    public long SizeBytes() => new DirectoryInfo(Path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private string Read(string file)
    {
        string path = System.IO.Path.Combine(Path, file);
        return File.Exists(path) ? File.ReadAllText(path) : throw new InvalidModelException($"{Path} lacks {file}.");
    }
}
