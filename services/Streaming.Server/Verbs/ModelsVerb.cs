using System.CommandLine;
using System.Globalization;
using Streaming.Models;
using Streaming.Models.Hub;

namespace Streaming.Server.Verbs;

/// <summary><c>models list</c>: the model folders that are here.</summary>
internal static class ModelsVerb
{
    public static Command Create()
    {
        var list = new Command("list", "Lists the model folders that are here.");
        list.SetAction((_, _) => Verb.RunAsync(() => Task.FromResult(List())));
        return new Command("models", "The models on this machine.") { list };
    }

    private static int List()
    {
        ModelLibrary library = ModelLibrary.Default();
        Console.WriteLine($"{"name",-28} {"family",-20} {"size",10} {"licence",-14} folder");
        foreach (string path in library.Installed())
            Console.WriteLine(Describe(path));
        if (library.Installed().Count == 0)
            Console.WriteLine($"none; name their parent folder in {ModelLibrary.Variable}");
        return 0;
    }

    private static string Describe(string path)
    {
        try
        {
            ModelFolder folder = ModelFolder.Open(path);
            string size = string.Create(CultureInfo.InvariantCulture, $"{folder.SizeBytes() / 1e6:0.0} MB");
            return $"{folder.Name,-28} {folder.Manifest.Family,-20} {size,10} {folder.Licence() ?? "not stated",-14} {path}";
        }
        catch (InvalidModelException e)
        {
            return $"{Path.GetFileName(path),-28} cannot be used: {e.Message}";
        }
    }
}
