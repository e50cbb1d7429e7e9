using System.Runtime.InteropServices;
using Streaming.Models.Hub;
using Streaming.Models.Onnx.Graphs;
using Streaming.Oracle;
using Streaming.Oracle.RandomNetworks;

namespace Streaming.Models.Onnx.Tests.Graphs;

/// <summary>Decoders of every published style, cut and pruned, next to the same network in plain loops.</summary>
public sealed class PrunedDecoderTests : IDisposable
{
    private const int Seed = 12, Tokens = 10;

    /// <summary>The longest run of the decoder: longer than the prompt, and a fraction of it.</summary>
    private const int Whole = 1000, Pieces = 9;

    private static readonly DecoderShape Shape = new(Layers: 6, Hidden: 64, Inner: 96, Heads: 4, Groups: 2, Vocabulary: 430);
    private readonly string _folder = Directory.CreateTempSubdirectory("random-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(DecoderStyle.Plain, Whole, "none")]
    [InlineData(DecoderStyle.Plain, Whole, "holitom", 4)]
    [InlineData(DecoderStyle.Plain, Whole, "fastv", 2)]
    [InlineData(DecoderStyle.Plain, Whole, "pyramiddrop", 1, 3, 4)]
    [InlineData(DecoderStyle.Plain, Pieces, "none")]
    [InlineData(DecoderStyle.Plain, Pieces, "pyramiddrop", 1, 3, 4)]
    [InlineData(DecoderStyle.Contrib, Whole, "none")]
    [InlineData(DecoderStyle.Contrib, Whole, "holitom", 4)]
    [InlineData(DecoderStyle.Contrib, Whole, "fastv", 2)]
    [InlineData(DecoderStyle.Contrib, Whole, "pyramiddrop", 1, 3, 4)]
    [InlineData(DecoderStyle.Contrib, Pieces, "holitom", 4)]
    [InlineData(DecoderStyle.Contrib, Pieces, "pyramiddrop", 1, 3, 4)]
    [InlineData(DecoderStyle.Packed, Whole, "none")]
    [InlineData(DecoderStyle.Packed, Whole, "holitom", 4)]
    [InlineData(DecoderStyle.Packed, Whole, "pyramiddrop", 1, 3, 4)]
    [InlineData(DecoderStyle.Packed, Pieces, "none")]
    public void Prefill_and_steps_of_a_pruned_decoder_give_the_logits_of_the_textbook(DecoderStyle style, int longestRun, string name, params int[] layers)
    {
        var weights = Write(style);
        var reducer = InnerReducer.Named(name);
        var options = new OnnxOptions { InnerReducer = reducer, LongestRun = longestRun };
        using var model = OnnxVideoLanguageModel.Load(ModelFolder.Open(_folder), options);
        using var session = OnnxVideoLanguageModel.Decoder(model.Folder, new SessionFactory(options), options);
        var prompt = new PromptBuilder(model.Manifest).Build(TinyModel.Encode(model, TinyModel.Pixels(model, 2, 5), 2), "what is it?");
        var encoded = model.Folder.PromptEncoder().Encode(prompt);
        using var run = new DecodeRun(session, encoded, key: null, TimeProvider.System);
        int visual = encoded.Frames.Sum(frame => frame.Count);
        TextbookCut[] cuts = [.. layers.Zip(reducer?.Cuts ?? [], (layer, cut) =>
            new TextbookCut(layer, (int)Math.Round(visual * cut.Keep), reducer!.Dropped == DroppedToken.Averaged))];
        var textbook = new TextbookDecoder(Shape, weights);
        var expected = new TextbookRun(textbook, Embeddings(), encoded, model.Manifest.ImageTokenId, cuts);
        while (!run.ReadOn(longestRun))
        {
        }
        int token = run.Logits.First(shape: null, model.Manifest.EosTokenIds);
        for (int step = 0; step < Tokens; step++)
        {
            Assert.InRange(Difference(expected, run.Logits.OfRow(0), token), 0, 1e-4);
            run.Step(token);
            token = Sampler.Greedy(run.Logits.OfRow(0));
        }
        Assert.Equal(1 + layers.Length, textbook.CacheLengths.Distinct().Count());
    }

    [Theory]
    [InlineData(DecoderStyle.Contrib, false)]
    [InlineData(DecoderStyle.Contrib, true)]
    [InlineData(DecoderStyle.Packed, false)]
    public async Task CompleteAsync_of_a_fused_decoder_cut_everywhere_with_nothing_pruned_gives_the_same_ids(DecoderStyle style, bool externalData)
    {
        Write(style);
        if (externalData)
            MoveWeights();
        var folder = ModelFolder.Open(_folder);
        var nothing = new InnerReducer("nothing", [.. Enumerable.Range(1, Shape.Layers - 1).Select(layer => new InnerCut(_ => layer, 1))], DroppedToken.Forgotten);
        using var whole = OnnxVideoLanguageModel.Load(folder);
        using var cut = OnnxVideoLanguageModel.Load(folder, new OnnxOptions { InnerReducer = nothing });
        for (int frames = 0; frames < 4; frames++)
        {
            var seen = frames == 0 ? new VisualTokens(Shape.Hidden, default, default, default, default) : TinyModel.Encode(whole, TinyModel.Pixels(whole, frames, frames), frames);
            var prompt = new PromptBuilder(whole.Manifest).Build(seen, "what is it?");
            Assert.Equal(
                (await whole.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(48))).TokenIds,
                (await cut.LanguageModel.CompleteAsync(prompt, TinyModel.Limits(48))).TokenIds);
        }
    }

    [Fact]
    public void Below_of_a_fused_decoder_cuts_through_what_is_added_not_through_what_is_normalised()
    {
        var graph = new RandomDecoder(Shape, DecoderStyle.Contrib, new RandomWeights(Seed).Tensor).Draw();
        var (lower, upper) = new DecoderCut(graph).Below([3]) is [var first, var second] ? (first, second) : throw new InvalidOperationException();
        Assert.Equal(["/layers.2/norm2/sum", "/layers.2/mlp/down/MatMul"], upper.Entry);
        Assert.Equal(upper.Entry, lower.Exit);
        string[] names = [.. lower.Graph.Tensors.Concat(upper.Graph.Tensors).Select(tensor => tensor.Name).Where(name => name.StartsWith('/'))];
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    /// <summary>Leaves only the graph in the decoder's file; the weights lie in another file beside it.</summary>
    private void MoveWeights()
    {
        string decoder = Path.Combine(_folder, "onnx", "decoder_model_merged.onnx"), weights = Path.Combine(_folder, "onnx", "decoder_model_merged.onnx_data");
        File.Move(decoder, weights);
        using var file = new MappedFile(weights);
        File.WriteAllBytes(decoder, OnnxGraph.Read(file.Memory).ToBytes(Path.GetFileName(weights)));
    }

    /// <summary>The root of the mean square difference to the textbook's next logits, which then reads the same token.</summary>
    private static double Difference(TextbookRun expected, ReadOnlySpan<float> actual, int token)
    {
        double sum = 0;
        for (int i = 0; i < actual.Length; i++)
            if (!float.IsNegativeInfinity(actual[i])) // an end token that may not come first
                sum += Math.Pow(actual[i] - expected.Logits[i], 2);
        expected.Step(token);
        return Math.Sqrt(sum / actual.Length);
    }

    /// <summary>The embeddings of tiny-llava, raw_data (field 9 of TensorProto) of the one weight of its graph.</summary>
    private float[] Embeddings()
    {
        using var file = new MappedFile(Path.Combine(_folder, "onnx", "embed_tokens.onnx"));
        return MemoryMarshal.Cast<byte, float>(OnnxGraph.Read(file.Memory).Tensors.Single().Fields.Find(9)!.Value.Content.Span).ToArray();
    }

    /// <summary>tiny-llava with another decoder.</summary>
    private RandomWeights Write(DecoderStyle style)
    {
        string source = Path.Combine(TransformersJs.Folder, TinyModel.Llava);
        Directory.CreateDirectory(Path.Combine(_folder, "onnx"));
        foreach (string file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
            File.Copy(file, Path.Combine(_folder, Path.GetRelativePath(source, file)), overwrite: true);
        var weights = new RandomWeights(Seed);
        File.WriteAllBytes(
            Path.Combine(_folder, "onnx", "decoder_model_merged.onnx"), new RandomDecoder(Shape, style, weights.Tensor).Draw().ToBytes("decoder_model_merged.onnx"));
        return weights;
    }

    /// <summary>The textbook's logits for a prompt and the tokens after it.</summary>
    private sealed class TextbookRun
    {
        private readonly TextbookDecoder _decoder;
        private readonly float[] _table;
        private int _next;

        public TextbookRun(TextbookDecoder decoder, float[] table, EncodedPrompt prompt, int imageToken, TextbookCut[] cuts)
        {
            (_decoder, _table, _next) = (decoder, table, prompt.TokenIds.Length);
            var visual = new Queue<double[]>(prompt.Frames.SelectMany(frame => Enumerable.Range(0, frame.Count).Select(i => Doubles(frame[i]))));
            int[] places = [.. Enumerable.Range(0, _next).Where(i => prompt.TokenIds[i] == imageToken)];
            Logits = decoder.Read(
                [.. prompt.TokenIds.Select(id => id == imageToken ? visual.Dequeue() : Row(id))], [.. Enumerable.Range(0, _next)], places, cuts);
        }

        public double[] Logits { get; private set; }

        public void Step(int token) => Logits = _decoder.Read([Row(token)], [_next++], [], []);

        private double[] Row(int id) => Doubles(_table.AsSpan(id * Shape.Hidden, Shape.Hidden));

        private static double[] Doubles(ReadOnlySpan<float> values) => [.. values.ToArray().Select(value => (double)value)];
    }
}
