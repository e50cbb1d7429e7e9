using System.Security.Cryptography;
using Streaming.Models.Onnx.Graphs;

namespace Streaming.Models.Onnx.Tests.Graphs;

public sealed class OnnxGraphTests
{
    [Fact]
    public void Fields_of_any_message_join_to_the_bytes_they_were_split_from()
    {
        byte[] file = File.ReadAllBytes(Scenes.Graph("decoder_model_merged"));
        Assert.Equal(file, WireMessage.Write(WireMessage.Read(file)));
    }

    [Fact]
    public void Fields_that_nobody_knows_survive_byte_for_byte()
    {
        // A varint longer than it must be, a group of unknown numbers and a fixed field, around a node.
        byte[] node = [0x0a, 0x01, 0x78, 0x12, 0x01, 0x79, 0x22, 0x03, 0x41, 0x64, 0x64, 0xf8, 0x06, 0x85, 0x00, 0xf9, 0x06, 1, 2, 3, 4, 5, 6, 7, 8];
        var read = GraphNode.Read(node);
        Assert.Equal(("x", "y", "Add"), (read.Input(0), read.Output(0), read.Operator));
        Assert.Equal(node, (read with { Inputs = ["x"] }).ToField(1).Content.ToArray());
    }

    [Theory]
    [InlineData(new byte[] { 0x0a, 0x05, 0x01 })]
    [InlineData(new byte[] { 0x0b })]
    [InlineData(new byte[] { 0x00, 0x01 })]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff })]
    public void Fields_of_what_is_no_message_are_refused(byte[] bytes) => Assert.Throws<InvalidDataException>(() => WireMessage.Read(bytes));

    [Fact]
    public void ToBytes_leaves_the_weights_in_the_file_they_came_from()
    {
        string path = Scenes.Graph("decoder_model_merged");
        using var file = new MappedFile(path);
        var graph = OnnxGraph.Read(file.Memory);
        byte[] rewritten = graph.ToBytes("decoder_model_merged.onnx");
        Assert.InRange(rewritten.Length, 1, file.GetSpan().Length / 20);
        var again = OnnxGraph.Read(rewritten);
        Assert.Equal(graph.Nodes.Select(node => node.ToField(1).Content.ToArray()), again.Nodes.Select(node => node.ToField(1).Content.ToArray()));
        Assert.Equal(graph.Tensors.Select(tensor => (tensor.Name, tensor.Type)), again.Tensors.Select(tensor => (tensor.Name, tensor.Type)));
    }

    [Fact]
    public void Make_for_a_folder_that_cannot_be_written_makes_the_graphs_all_the_same()
    {
        string file = Path.GetTempFileName();
        Assert.Single(new RewrittenGraphs(Path.Combine(file, "graphs")).Make(Scenes.Graph("vision_encoder"), _ => "one", graph => [graph]));
        File.Delete(file);
    }

    [Fact]
    public void Make_keeps_what_it_made_and_tells_models_and_rewritings_apart()
    {
        string folder = Directory.CreateTempSubdirectory("graphs-").FullName;
        int made = 0;
        var graphs = new RewrittenGraphs(folder);
        byte[] first = Make("decoder_model_merged", "one"), again = Make("decoder_model_merged", "one");
        Assert.Equal(1, made);
        Assert.Equal(first, again);
        Assert.Equal(Hash(new RewrittenGraphs(null).Make(Scenes.Graph("decoder_model_merged"), _ => "one", graph => [graph])[0]), Hash(first));
        Make("decoder_model_merged", "another");
        Make("vision_encoder", "one");
        Assert.Equal(3, made);
        Directory.Delete(folder, recursive: true);

        byte[] Make(string graph, string name) => graphs.Make(Scenes.Graph(graph), _ => name, read =>
        {
            made++;
            return [read];
        }).Single();

        static string Hash(byte[] bytes) => Convert.ToHexString(SHA256.HashData(bytes));
    }
}
