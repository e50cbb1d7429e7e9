using System.CommandLine;
using Streaming.Server.Verbs;
using Streaming.Video;

// The decoder process starts as often as sources do: it takes no detour through the command line's machinery.
if (args is ["decode"])
    return DecodeLoop.Run();

var once = new Option<bool>("--once") { Description = "Exit after the answers, with code 0 only if all are right." };
var root = new RootCommand("A file or a camera goes in, an answer with its evidence comes out. Without a verb: the demo film and three questions.")
{
    once, AskVerb.Create(), DoctorVerb.Create(), ModelsVerb.Create(), ReduceVerb.Create(),
};
root.SetAction((_, cancellation) => Verb.RunAsync(() => DemoVerb.RunAsync(cancellation)));

// A file name may start with @ or a dash: no response files, no bundles of short options.
return await root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null, EnablePosixBundling = false }).InvokeAsync();
