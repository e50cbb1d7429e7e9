using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Models;
using Streaming.Models.Hub;

namespace Streaming.Oracle;

/// <summary>
/// transformers.js in a Node process of its own: the independent implementation that the service's token ids are compared with.
/// One question at a time; the process ends with this object.
/// </summary>
public sealed class TransformersJs : IDisposable
{
    private readonly Lock _turn = new();
    private readonly Lazy<Process> _node = new(Start);
    private readonly string _scratch = Directory.CreateTempSubdirectory("oracle-").FullName;

    /// <summary>The folder of the oracle with its tiny models, found above the program.</summary>
    public static string Folder { get; } = Path.Combine(Repository(), "tests", "Oracle");

    /// <summary>The repository's root: the nearest folder above the program that holds Streaming.sln.</summary>
    public static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "Streaming.sln")))
                return folder.FullName;
        throw new DirectoryNotFoundException($"No Streaming.sln above {AppContext.BaseDirectory}.");
    }

    public int[][] Tokenize(string model, IEnumerable<string> texts) =>
        Ask(new { op = "tokenize", folder = model, texts })["ids"].Deserialize<int[][]>()!;

    public string[] Decode(string model, IEnumerable<int[]> ids) =>
        Ask(new { op = "decode", folder = model, ids })["texts"].Deserialize<string[]>()!;

    /// <summary>The pieces that the pre-tokenizer Split makes of each text.</summary>
    public string[][] Split(string pattern, IEnumerable<string> texts) =>
        Ask(new { op = "split", pattern, texts })["pieces"].Deserialize<string[][]>()!;

    /// <summary>Renders Jinja templates; null stands for one that refused its input.</summary>
    public string?[] Render(IEnumerable<(string Template, JsonNode Variables)> cases) =>
        Ask(new { op = "render", cases = cases.Select(item => new { template = item.Template, variables = item.Variables }) })["texts"]
            .Deserialize<string?[]>()!;

    /// <summary>The prompt's token ids as the model's own processor makes them for whole square pictures of a side.</summary>
    public int[] ProcessedIds(string model, JsonNode messages, int pictures, int side) =>
        Ask(new { op = "process", folder = model, messages, pictures, side })["ids"].Deserialize<int[]>()!;

    /// <summary>image_features, row-major.</summary>
    /// <param name="pixelValues">[frames, 3, height, width].</param>
    public float[] Encode(string model, float[] pixelValues, int frames)
    {
        var size = ModelFolder.Open(model).Preprocessor.Size;
        return Ask(new { op = "encode", folder = model, pixels = Dump("pixels", pixelValues), frames, height = size.Height, width = size.Width })["features"]
            .Deserialize<float[]>()!;
    }

    /// <summary>input_features as its feature extractor makes them, row-major.</summary>
    /// <param name="settings">preprocessor_config.json.</param>
    public float[] Listen(JsonNode settings, float[] sound) => Ask(new { op = "listen", settings, sound = Dump("sound", sound) })["features"].Deserialize<float[]>()!;

    /// <summary>What is written of a sound, with timestamps and without the end token, and the language that it seems to be.</summary>
    public (int[] Ids, string Language) Transcribe(string model, float[] sound, string language, int maxNewTokens)
    {
        var answer = Ask(new { op = "transcribe", folder = model, sound = Dump("sound", sound), language, maxNewTokens });
        return (answer["ids"].Deserialize<int[]>()!, (string)answer["language"]!);
    }

    /// <param name="messages">Messages as chat templates take them, with an image part per frame.</param>
    /// <param name="counts">How many tokens each frame has.</param>
    /// <param name="pixelValues">[frames, 3, height, width]; null if features stand for the vision encoder's output.</param>
    /// <param name="features">[tokens, hidden]; null to run the vision encoder.</param>
    /// <param name="dtype">Which decoder file is run, by transformers.js' names.</param>
    /// <param name="positions">Where the prompt's tokens stand; null where transformers.js is to know by itself.</param>
    public GeneratedIds Generate(
        string model, JsonNode messages, int[] counts, float[]? pixelValues, float[]? features, int maxNewTokens, string dtype = "fp32", TokenPositions? positions = null)
    {
        var size = ModelFolder.Open(model).Preprocessor.Size;
        var answer = Ask(new
        {
            op = "generate",
            folder = model,
            messages,
            counts,
            frames = counts.Length,
            pixels = Dump("pixels", pixelValues),
            features = Dump("features", features),
            height = size.Height,
            width = size.Width,
            positions = positions?.ToArrays(),
            next = positions?.Next,
            maxNewTokens,
            dtype,
        });
        return new GeneratedIds(answer["prompt"].Deserialize<int[]>()!, answer["ids"].Deserialize<int[]>()!)
        {
            First = TimeSpan.FromSeconds((double)answer["first"]!),
            Rest = TimeSpan.FromSeconds((double)answer["rest"]!),
            PeakBytes = (long)answer["peak"]!,
        };
    }

    public void Dispose()
    {
        if (_node.IsValueCreated)
        {
            _node.Value.StandardInput.Close();
            if (!_node.Value.WaitForExit(TimeSpan.FromSeconds(10)))
                _node.Value.Kill();
            _node.Value.Dispose();
        }
        Directory.Delete(_scratch, recursive: true);
    }

    private JsonNode Ask(object request)
    {
        lock (_turn)
        {
            _node.Value.StandardInput.WriteLine(JsonSerializer.Serialize(request));
            _node.Value.StandardInput.Flush();
            string line = _node.Value.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The oracle ended without an answer.");
            var answer = JsonNode.Parse(line)!;
            return answer["error"] is { } error ? throw new InvalidOperationException($"The oracle failed: {error}") : answer;
        }
    }

    private string? Dump(string name, float[]? values)
    {
        if (values is null)
            return null;
        string file = Path.Combine(_scratch, name);
        File.WriteAllBytes(file, MemoryMarshal.AsBytes<float>(values));
        return file;
    }

    private static Process Start()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            throw new InvalidOperationException("transformers.js is not installed: run ./test once (npm ci --ignore-scripts in tests/Oracle).");
        var node = Process.Start(new ProcessStartInfo("node", [Path.Combine(Folder, "oracle.mjs")])
        {
            WorkingDirectory = Folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        });
        return node ?? throw new InvalidOperationException("node does not start.");
    }
}

/// <summary>The oracle's prompt and the tokens it generated, the end token included.</summary>
public sealed record GeneratedIds(int[] Prompt, int[] Ids)
{
    /// <summary>From the prompt's ids to the first token.</summary>
    public TimeSpan First { get; init; }

    /// <summary>From the first token to the last.</summary>
    public TimeSpan Rest { get; init; }

    /// <summary>The most that the oracle's process has held in memory.</summary>
    public long PeakBytes { get; init; }
}
