using System.CommandLine;
using Streaming.Benchmarks;
using Streaming.Video;

if (args is [DecodeBench.DecoderVerb])
    return DecodeLoop.Run();

Bench[] benches = [DecodeBench.Bench];

var name = new Argument<string>("name") { Description = string.Join("; ", benches.Select(bench => $"{bench.Name}: {bench.Measures}")) };
name.AcceptOnlyFromAmong([.. benches.Select(bench => bench.Name)]);
var json = new Option<bool>("--json") { Description = "Print one JSON object and nothing else." };
var seed = new Option<ulong>("--seed") { Description = "The split that the films of an accuracy bench are rendered from.", DefaultValueFactory = _ => BenchRun.DefaultSeed };

var command = new RootCommand("Measures one thing against its goal. Exit code 0: every goal is met; 2: measured, and a goal is missed.") { name, json, seed };
command.SetAction(async (arguments, cancellation) =>
{
    var bench = benches.Single(bench => bench.Name == arguments.GetValue(name));
    var results = await bench.Measure(new BenchRun(arguments.GetValue(seed)), cancellation);
    var report = new BenchReport(bench.Name, Machine.Describe(), results);
    Console.Out.Write(arguments.GetValue(json) ? report.ToJson() : report.ToTable());
    return report.GoalsMet ? 0 : 2;
});
return await command.Parse(args).InvokeAsync();
