using System.CommandLine;
using System.Text.RegularExpressions;
using Streaming.Models.Hub;
using Streaming.Models.Hub.Pulling;
using Streaming.Server.Egress;

namespace Streaming.Server.Verbs;

/// <summary><c>models pull</c>: brings a published model here, from the hub or the mirror that HF_ENDPOINT names.</summary>
internal static partial class PullVerb
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "A name of models list, or owner/name of any repository in Hugging Face's ONNX layout." };
        var dtype = new Option<string?>("--dtype") { Description = "Which graphs, by transformers.js' names. Without: the catalogue's choice, or fp32." };
        var accept = new Option<bool>("--accept-licence") { Description = "You have read a licence that may forbid commercial use." };
        var command = new Command("pull", "Downloads a published model; what an interrupted pull has brought is not asked for again.") { name, dtype, accept };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(
            () => PullAsync(arguments.GetValue(name)!, arguments.GetValue(dtype), arguments.GetValue(accept), Settings.FromEnvironment(), Environment.GetEnvironmentVariable, cancellation)));
        return command;
    }

    /// <param name="variable">The value of an environment variable; null where it is not set.</param>
    internal static async Task<int> PullAsync(
        string name, string? dtype, bool isAccepted, Settings settings, Func<string, string?> variable, CancellationToken cancellation)
    {
        CatalogModel? known = CatalogModel.All.FirstOrDefault(model => model.Name == name);
        if (known is null && !Repository().IsMatch(name))
            throw new FailureException($"the catalogue has no model {name}; models list shows it, others are pulled as owner/name");
        string graphs = dtype ?? known?.Dtype ?? "fp32";
        using HttpClient http = new EgressGuard(new EgressRules(settings.Egress)).Client(Timeout.InfiniteTimeSpan);
        var hub = new HubClient(http, Endpoint(variable), variable(HubClient.TokenVariable) is { Length: > 0 } token ? token : null);
        HubRepository repository = await hub.FindAsync(known?.Repository ?? name, "main", cancellation).ConfigureAwait(false);
        PullPlan plan = PullPlan.Of(repository, graphs);
        ShowLicence(repository, known, hub, isAccepted);
        string folder = Path.Combine(settings.ModelsFolder, known?.Name ?? name.Split('/')[1]);
        Console.Error.WriteLine($"{repository.Name} at {repository.Commit[..12]}: {plan.Files.Count} files, {ModelsVerb.Size(plan.SizeBytes)}, into {folder}");
        using (var line = new PullProgress(plan.SizeBytes))
            await new ModelPull(hub).RunAsync(plan, folder, line.Show, cancellation).ConfigureAwait(false);
        Console.WriteLine(plan.IsSpeech
            ? $"STREAMING_SPEECH={SpeechFolder.Open(folder).Name}"
            : $"STREAMING_MODEL={Path.GetFileName(ModelFolder.Open(folder).Path)} STREAMING_DTYPE={graphs}");
        return 0;
    }

    /// <summary>A licence that may forbid commercial use is shown, and has to be accepted, before anything is downloaded.</summary>
    /// <exception cref="FailureException">It has not been accepted.</exception>
    private static void ShowLicence(HubRepository repository, CatalogModel? known, HubClient hub, bool isAccepted)
    {
        string?[] licences = known is null ? [repository.Licence] : [.. new[] { known.Licence, repository.Licence }.OfType<string>().Distinct()];
        string words = string.Join(" and ", licences.Select(licence => licence ?? "none that is stated"));
        if (licences.All(Licences.AllowCommercialUse))
            return;
        Console.Error.WriteLine($"licence: {words}. It forbids commercial use, or is not known to allow it. Read it at {hub.Endpoint.AbsoluteUri.TrimEnd('/')}/{repository.Name}");
        if (!isAccepted)
            throw new FailureException("nothing was downloaded; add --accept-licence if your use is within that licence");
    }

    /// <exception cref="SettingException">The variable holds no address.</exception>
    private static Uri Endpoint(Func<string, string?> variable) => variable(HubClient.EndpointVariable) switch
    {
        null or "" => HubClient.DefaultEndpoint,
        var text when Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" && address.Query.Length == 0 => new Uri(text),
        var text => throw new SettingException(HubClient.EndpointVariable, text, "the http:// or https:// address of a mirror"),
    };

    [GeneratedRegex(@"\A[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*\z", RegexOptions.ECMAScript)]
    private static partial Regex Repository();

    /// <summary>One line on a terminal that says how much has come; nothing into a pipe or a file.</summary>
    private sealed class PullProgress(long whole) : IDisposable
    {
        // Ten changes a second are as fast as one can read.
        private const int MillisecondsBetween = 100;

        private readonly bool _isTerminal = !Console.IsErrorRedirected;
        private long _shown = long.MinValue / 2;

        public void Show(long bytes)
        {
            long now = Environment.TickCount64, shown = Interlocked.Read(ref _shown);
            if (!_isTerminal || now - shown < MillisecondsBetween || Interlocked.CompareExchange(ref _shown, now, shown) != shown)
                return;
            Console.Error.Write($"\r  {ModelsVerb.Size(bytes)} of {ModelsVerb.Size(whole)} \e[K");
        }

        public void Dispose()
        {
            if (_isTerminal)
                Console.Error.Write("\r\e[K");
        }
    }
}
