using Streaming.Models;
using Streaming.Models.Hub.Pulling;
using Streaming.Pipelines;
using Streaming.Server.Films;
using Streaming.Server.Store;

namespace Streaming.Server.Verbs;

/// <summary>What all verbs share: how they fail and how they get at the service.</summary>
internal static class Verb
{
    /// <summary>Exit code of a verb that was interrupted: 128 + SIGINT, as shells have it.</summary>
    private const int Interrupted = 130;

    /// <summary>Expected failures become one line on the error output and exit code 1.</summary>
    public static async Task<int> RunAsync(Func<Task<int>> verb)
    {
        try
        {
            return await verb().ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
        catch (Exception e) when (e is FailureException or SettingException or HubException or InvalidModelException or PromptTooLongException or InferenceException or StoreException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            string words = e is InferenceException { InnerException: { } cause } ? $"{e.Message}: {cause.Message}" : e.Message;
            Console.Error.WriteLine($"streaming: {OneLine(words)}");
            return 1;
        }
    }

    public static FilmService Service() => new(Settings.FromEnvironment(), warn: Warn);

    /// <summary>A service that also perceives what it sees, if its model reads notes and the networks of perception are installed.</summary>
    public static FilmService PerceivingService()
    {
        FilmService service = Service();
        if (service.Model.ReadsNotes && PerceptionWeights.LoadDetector(Warn) is { } detector)
            service.PerceiveBy(detector, PerceptionWeights.LoadTextReader(Warn));
        return service;
    }

    private static void Warn(string line) => Console.Error.WriteLine($"note: {OneLine(line)}");

    private static string OneLine(string text) => string.Join(' ', text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
