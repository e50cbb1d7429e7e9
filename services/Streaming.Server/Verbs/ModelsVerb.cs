using System.CommandLine;
using System.Globalization;
using Streaming.Models;
using Streaming.Models.Hub;

namespace Streaming.Server.Verbs;

/// <summary><c>models</c>: what is here, what is known, and how it comes here.</summary>
internal static class ModelsVerb
{
    public static Command Create()
    {
        var list = new Command("list", "Lists the model folders that are here, and the published models that can be pulled.");
        list.SetAction((_, _) => Verb.RunAsync(() => Task.FromResult(List(Settings.FromEnvironment().Library()))));
        return new Command("models", "The models on this machine, and those that can come here.") { list, PullVerb.Create(), Bundle(), Load() };
    }

    private static int List(ModelLibrary library)
    {
        IReadOnlyList<string> installed = library.Installed();
        Console.WriteLine($"here{(installed.Count == 0 ? $": none; name their parent folder in {ModelLibrary.Variable}" : "")}");
        foreach (string path in installed)
            Console.WriteLine(Describe(path));
        CatalogModel[] others = [.. CatalogModel.All.Where(model => !installed.Select(Path.GetFileName).Contains(model.Name))];
        Console.WriteLine(others.Length == 0 ? "" : "\nto be had with models pull NAME");
        foreach (CatalogModel model in others)
            Console.WriteLine(Describe(model));
        return 0;
    }

    private static string Describe(string path)
    {
        try
        {
            if (SpeechFolder.IsOne(path))
            {
                SpeechFolder speech = SpeechFolder.Open(path);
                return $"  {speech.Name,-22} {"whisper",-16} {"",-12} {Size(speech.SizeBytes()),9}  {path}";
            }
            ModelFolder folder = ModelFolder.Open(path);
            return $"  {folder.Name,-22} {folder.Manifest.Family,-16} {folder.Licence() ?? "not stated",-12} {Size(folder.SizeBytes()),9}  {path}";
        }
        catch (InvalidModelException e)
        {
            return $"  {Path.GetFileName(path),-22} cannot be used: {e.Message}";
        }
    }

    private static string Describe(CatalogModel model) =>
        $"  {model.Name,-22} {model.Family,-16} {model.Licence,-12} {Size(model.Megabytes[model.Dtype] * 1_000_000L),9} as {model.Dtype}, takes {Size(model.MemoryBytes(model.Dtype))} of memory: {model.GoodFor}" +
        (Licences.AllowCommercialUse(model.Licence) ? "" : " (!)");

    private static Command Bundle()
    {
        var name = new Argument<string>("NAME") { Description = "Name or path of a model folder that is here." };
        var file = new Argument<string>("FILE") { Description = "The tar file that is written." };
        var command = new Command("bundle", "Writes a model into one file, for machines without a network.") { name, file };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(async () =>
        {
            await ModelBundle.WriteAsync(Settings.FromEnvironment().Library().Find(arguments.GetValue(name)!), arguments.GetValue(file)!, cancellation).ConfigureAwait(false);
            return 0;
        }));
        return command;
    }

    private static Command Load()
    {
        var file = new Argument<string>("FILE") { Description = "What models bundle wrote." };
        var command = new Command("load", "Unpacks a bundle and checks every file of it.") { file };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(async () =>
        {
            string home = Settings.FromEnvironment().ModelsFolder;
            Directory.CreateDirectory(home);
            Console.WriteLine(await ModelBundle.ReadAsync(arguments.GetValue(file)!, home, cancellation).ConfigureAwait(false));
            return 0;
        }));
        return command;
    }

    internal static string Size(long bytes) => bytes < 1_000_000_000
        ? string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e6:0.0} MB")
        : string.Create(CultureInfo.InvariantCulture, $"{bytes / 1e9:0.00} GB");
}
