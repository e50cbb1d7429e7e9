namespace Streaming.Models.Hub.Pulling;

/// <summary>Which files of a repository make a model folder with graphs of one dtype.</summary>
public sealed record PullPlan(HubRepository Repository, IReadOnlyList<HubFile> Files)
{
    private static readonly string[] Needed = ["config.json", "preprocessor_config.json", "tokenizer.json", "tokenizer_config.json"];

    private static readonly string[] Taken =
        [.. Needed, "generation_config.json", "processor_config.json", "chat_template.json", "chat_template.jinja", "README.md", "LICENSE", "LICENSE.md", "LICENSE.txt", "LICENCE"];

    /// <summary>It is a speech recogniser.</summary>
    public bool IsSpeech => HasSpeech(Repository);

    public long SizeBytes => Files.Sum(file => file.SizeBytes);

    /// <param name="dtype">By transformers.js' names. Vision encoder and embeddings are taken in fp32 where the repository has no such file,
    /// as they are loaded.</param>
    /// <exception cref="HubException">The repository lacks what a model needs, or has a file that leads out of its folder.</exception>
    public static PullPlan Of(HubRepository repository, string dtype)
    {
        if (repository.Files.FirstOrDefault(file => !ModelBundle.IsInside(file.Path)) is { } outside)
            throw new HubException($"{repository.Name} has a file that leads out of its folder: {outside.Path}");
        var byPath = repository.Files.ToDictionary(file => file.Path);
        string[] missing = [.. Needed.Where(name => !byPath.ContainsKey(name))];
        if (missing.Length > 0)
            throw new HubException($"{repository.Name} lacks {string.Join(", ", missing)}: it is no model in Hugging Face's ONNX layout.");
        string[] encoders = HasSpeech(repository) ? ["encoder_model"] : ["vision_encoder", "embed_tokens"];
        string[] graphs = [.. encoders.Select(session => Graph(session, mayFallBack: true)), Graph("decoder_model_merged", mayFallBack: false)];
        return new PullPlan(
            repository, [.. Taken.Where(byPath.ContainsKey).Select(name => byPath[name]), .. graphs.SelectMany(WithData)]);

        string Graph(string session, bool mayFallBack)
        {
            string path = $"onnx/{ModelFolder.GraphFile(session, dtype)}", plain = $"onnx/{ModelFolder.GraphFile(session, "fp32")}";
            return byPath.ContainsKey(path) ? path
                : mayFallBack && byPath.ContainsKey(plain) ? plain
                : throw new HubException($"{repository.Name} has no {path}; there is {Dtypes(repository, session)}.");
        }

        // NAME.onnx_data, and NAME.onnx_data_1 and so on where there are several.
        IEnumerable<HubFile> WithData(string graph) => repository.Files.Where(
            file => file.Path == graph || file.Path == $"{graph}_data" || (file.Path.StartsWith($"{graph}_data_", StringComparison.Ordinal) && file.Path[(graph.Length + 6)..].All(char.IsAsciiDigit)));
    }

    private static bool HasSpeech(HubRepository repository) => repository.Files.Any(file => file.Path.StartsWith("onnx/encoder_model", StringComparison.Ordinal));

    private static string Dtypes(HubRepository repository, string session)
    {
        string[] files = [.. repository.Files.Select(file => file.Path).Where(path => path.StartsWith($"onnx/{session}", StringComparison.Ordinal) && path.EndsWith(".onnx", StringComparison.Ordinal))];
        return files.Length == 0 ? "none at all" : string.Join(", ", files);
    }
}
