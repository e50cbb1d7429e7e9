using System.CommandLine;
using Streaming.Benchmarks;
using Streaming.Benchmarks.Clips;
using Streaming.Benchmarks.Clusters;
using Streaming.Benchmarks.Detail;
using Streaming.Benchmarks.Engine;
using Streaming.Benchmarks.Faults;
using Streaming.Benchmarks.Load;
using Streaming.Benchmarks.Memory;
using Streaming.Benchmarks.Notes;
using Streaming.Benchmarks.Perception;
using Streaming.Benchmarks.Prefill;
using Streaming.Benchmarks.Security;
using Streaming.Benchmarks.Stores;
using Streaming.Benchmarks.Tokens;
using Streaming.Benchmarks.Watches;
using Streaming.Models;
using Streaming.Video;
using Streaming.World;

if (args is [DecoderProcessOfThis.Verb])
    return DecodeLoop.Run();
if (args is [StoreWriter.Verb, var where])
    return await StoreWriter.RunAsync(where);
if (args is [EngineProcess.Verb, var model, var dtype])
    return await EngineProcess.RunAsync(model, dtype);

Bench[] benches = [DecodeBench.Bench, QaBench.Bench, OracleBench.Bench, IngestBench.Bench, TokensBench.Bench, ReducerBench.Bench, PrefillBench.Bench, PerceptionBench.Bench, WatchesBench.Bench, MemoryBench.Bench, StoreBench.Bench, DetailBench.Bench, NotesBench.Bench, ClipsBench.Bench, EngineBench.Bench, FaultsBench.Bench, SoakBench.Bench, SecurityBench.Bench, FuzzBench.Bench, LoadBench.Bench, ClusterBench.Bench, DeployBench.Bench];

var name = new Argument<string>("name") { Description = string.Join("; ", benches.Select(bench => $"{bench.Name}: {bench.Measures}")) };
name.AcceptOnlyFromAmong([.. benches.Select(bench => bench.Name)]);
var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else." };
var seed = new Option<ulong>("--seed") { Description = "The split that the films of an accuracy bench are rendered from.", DefaultValueFactory = _ => BenchRun.DefaultSeed };

var markdown = new Option<bool>("--markdown") { Description = "Print the table as the README has it." };
var validation = new Option<bool>("--validation") { Description = "qa, tokens, watches, memory, notes, detail: films of the validation split, on which choices are made." };
var policies = new Option<string[]>("--policy") { Description = "tokens: measure these reducers only.", AllowMultipleArgumentsPerToken = true };
var drawing = new Option<FileInfo?>("--svg") { Description = "tokens, load: draw the curve into this file." };
var films = new Option<int?>("--films") { Description = "perception, watches, memory, detail: so many films only." };
var drops = new Option<int?>("--drops") { Description = "faults: so many drops of cameras; 0: none." };
var kills = new Option<int?>("--kills") { Description = "faults: so many kills of the server, 0: none; cluster: so many of a machine; store: so many kills of each; security: so many crashes of decoders." };
var minutes = new Option<double?>("--minutes") { Description = "soak, fuzz: for how long." };
var streams = new Option<int?>("--streams") { Description = "soak, load, cluster: how many cameras." };
var cases = new Option<DirectoryInfo?>("--cases") { Description = "oracle: also write pixels, prompts and ids for models/training/compare.py." };

var command = new RootCommand("Measures one thing against its goal. Exit code 0: every goal is met; 2: a goal is missed; 1: not measured.") { name, json, markdown, seed, validation, policies, drawing, films, drops, kills, minutes, streams, cases };
command.SetAction(async (arguments, cancellation) =>
{
    var bench = benches.Single(bench => bench.Name == arguments.GetValue(name));
    try
    {
        var results = await bench.Measure(new BenchRun(
            arguments.GetValue(seed),
            arguments.GetValue(validation) ? Split.Validation : Split.Test,
            arguments.GetValue(policies) is { Length: > 0 } named ? named : null,
            arguments.GetValue(drawing)?.FullName,
            arguments.GetValue(cases)?.FullName,
            arguments.GetValue(films))
        {
            Drops = arguments.GetValue(drops),
            Kills = arguments.GetValue(kills),
            Minutes = arguments.GetValue(minutes),
            Streams = arguments.GetValue(streams),
        }, cancellation);
        var report = new BenchReport(bench.Name, Machine.Describe(), results);
        Console.Out.Write(arguments.GetValue(json) ? report.ToJson() : arguments.GetValue(markdown) ? report.ToMarkdown() : report.ToTable());
        return report.GoalsMet ? 0 : 2;
    }
    catch (Exception e) when (e is InvalidModelException or InvalidOperationException or IOException or TimeoutException)
    {
        Console.Error.WriteLine($"bench: {e.Message}");
        return 1;
    }
});
return await command.Parse(args).InvokeAsync();
