using System.CommandLine;
using Streaming.Server.Verbs;
using Streaming.Video;

// The decoder process starts as often as sources do: it takes no detour through the command line's machinery.
if (args is ["decode"])
    return DecodeLoop.Run();

// Time to end requests in flight and to store what is seen, in a cluster to hand streams over; other verbs have nothing to end.
TimeSpan termination = args is not ([] or ["serve", ..]) ? TimeSpan.FromSeconds(2)
    : TimeSpan.FromSeconds(Environment.GetEnvironmentVariable("STREAMING_CLUSTER") is null ? 20 : 80);

var once = new Option<bool>("--once") { Description = "Exit after the answers, with code 0 only if all are right." };
var root = new RootCommand("A file or a camera goes in, an answer with its evidence comes out. Without a verb: the demo film, three questions, then the server.")
{
    once, ServeVerb.Create(), AskVerb.Create(), DoctorVerb.Create(), ModelsVerb.Create(), ReduceVerb.Create(), EvalVerb.Create(), KeysVerb.Create(), BackupVerb.Create(), BackupVerb.CreateRestore(),
};
root.SetAction((arguments, cancellation) => Verb.RunAsync(() =>
    arguments.GetValue(once) ? DemoVerb.RunAsync(cancellation) : ServeVerb.RunAfterDemoAsync(cancellation)));

// A file name may start with @ or a dash: no response files, no bundles of short options.
return await root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false })
    .InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = termination });
