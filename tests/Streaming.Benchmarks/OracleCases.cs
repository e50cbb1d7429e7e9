using System.Runtime.InteropServices;
using System.Text.Json;
using Streaming.Oracle;

namespace Streaming.Benchmarks;

/// <summary>
/// Writes what the service was given and what it wrote as models/training/compare.py reads it: per case a file of raw float32
/// pixel values [frames, 3, height, width] and a line in cases.jsonl.
/// </summary>
internal sealed class OracleCases : IDisposable
{
    private readonly string _folder;
    private readonly StreamWriter _lines;
    private int _number;

    public OracleCases(string folder)
    {
        _folder = Directory.CreateDirectory(folder).FullName;
        _lines = new StreamWriter(Path.Combine(_folder, "cases.jsonl"));
    }

    public void Add(IdsComparison comparison)
    {
        string pixels = $"case_{_number++:0000}.f32";
        File.WriteAllBytes(Path.Combine(_folder, pixels), MemoryMarshal.AsBytes<float>(comparison.Asked.PixelValues));
        _lines.WriteLine(JsonSerializer.Serialize(new
        {
            pixels,
            frames = comparison.Asked.Times.Count,
            prompt = comparison.PromptIds,
            ids = comparison.Ours.TokenIds,
        }));
    }

    public void Dispose() => _lines.Dispose();
}
