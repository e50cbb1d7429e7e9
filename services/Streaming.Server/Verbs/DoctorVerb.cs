using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Server.Http;
using Streaming.Server.Store;
using Streaming.Video;
using Streaming.Video.FFmpeg;
using Streaming.Video.Sandboxing;

namespace Streaming.Server.Verbs;

internal enum Verdict { Good, Optional, Bad }

/// <summary>What <c>doctor</c> found of one thing.</summary>
/// <param name="Words">What is the case and, where something is amiss, what to do about it.</param>
internal sealed record Finding(string What, Verdict Verdict, string Words);

/// <summary><c>doctor</c>: looks at everything the service needs, and says what to do about what it finds.</summary>
internal static class DoctorVerb
{
    public static Command Create()
    {
        var cluster = new Option<bool>("--cluster") { Description = "Look into the cluster instead: its machines, what each runs, and its Redis." };
        var command = new Command("doctor", "Checks libraries, model, GPU, Redis, ports and folders, and says what to do about each.") { cluster };
        command.SetAction((arguments, _) => Verb.RunAsync(async () =>
            Tell(arguments.GetValue(cluster) ? await ClusterExamination.ExamineAsync(Settings.FromEnvironment(), TimeProvider.System) : Examine(Settings.FromEnvironment()))));
        return command;
    }

    private static Finding[] Examine(Settings settings) =>
        [Libraries(), Confinement(), Model(settings), Remote(settings), Perception(), Gpu(settings), Redis(settings), Port(HttpSettings.FromEnvironment()), Data(settings)];

    private static int Tell(IReadOnlyList<Finding> findings)
    {
        foreach (Finding finding in findings)
            Console.WriteLine($"{Mark(finding.Verdict)} {finding.What,-10} {finding.Words}");
        return findings.Any(f => f.Verdict == Verdict.Bad) ? 1 : 0;
    }

    private static string Mark(Verdict verdict) => verdict switch { Verdict.Good => "ok  ", Verdict.Optional => "-   ", _ => "BAD " };

    private static Finding Libraries() => FFmpegLibraries.Problem is { } problem
        ? new Finding("FFmpeg", Verdict.Bad, problem.Message)
        : new Finding("FFmpeg", Verdict.Good, "the libraries are of a version this program knows, and decode a test picture");

    private static Finding Confinement()
    {
        string[] missing = [.. Sandbox.Layers.Where(layer => !layer.IsThere).Select(layer => layer.Layer)];
        return missing.Length == 0
            ? new Finding("sandbox", Verdict.Good, "decoders read one opened file and reach nothing else: calls, files and network are refused by the kernel")
            : new Finding("sandbox", Verdict.Optional, $"this kernel or container does not offer {string.Join(" and ", missing)}: decoders run with less around them; run the server in a container of its own");
    }

    private static Finding Model(Settings settings)
    {
        try
        {
            using var model = OnnxVideoLanguageModel.Load(settings.Library().Find(settings.Model), new OnnxOptions { Dtype = settings.Dtype });
            return new Finding("model", Verdict.Good, $"{model.Manifest.Name} loads: {model.Manifest.Family}, {model.Manifest.Vision.TokensPerFrame} tokens a frame");
        }
        catch (InvalidModelException e)
        {
            return new Finding("model", Verdict.Bad, $"{e.Message} Set STREAMING_MODEL to the name or path of a model folder (./run models list).");
        }
    }

    private static Finding Remote(Settings settings) => settings.Remote is { } remote
        ? new Finding("remote", Verdict.Good, $"answers come from {remote.Endpoint} as {remote.Model}, which sees up to {remote.MostFrames} keyframes; it was not asked now")
        : new Finding("remote", Verdict.Optional, "none; STREAMING_REMOTE names a server that is to answer in place of the model");

    private static Finding Perception()
    {
        string? problem = null;
        using var detector = PerceptionWeights.LoadDetector(line => problem = line);
        return detector is null
            ? new Finding("perception", Verdict.Optional, $"{problem}; run npm ci in models/perception to install them")
            : new Finding("perception", Verdict.Good, $"on: {detector.Labels.Count} classes of things; {Reading()}");
    }

    private static string Reading()
    {
        string? problem = null;
        using var reader = PerceptionWeights.LoadTextReader(line => problem = line);
        return problem ?? "words in the picture are read";
    }

    private static Finding Gpu(Settings settings)
    {
        string? warning = null;
        try
        {
            using var model = OnnxVideoLanguageModel.Load(
                settings.Library().Find(settings.Model),
                new OnnxOptions { Dtype = settings.Dtype, Device = ExecutionDevice.Cuda, DeviceNumber = settings.DeviceNumber, Warn = line => warning = line });
        }
        catch (InvalidModelException)
        {
            return new Finding("GPU", Verdict.Optional, "not looked at, because the model does not load");
        }
        if (warning is null)
            return new Finding("GPU", Verdict.Good, (settings.Device == ExecutionDevice.Cuda ? "CUDA loads the model and is used" : "CUDA loads the model; set STREAMING_DEVICE=cuda to use it")
                + "; no answer of this program has been compared on a GPU yet, so compare some with those of the CPU");
        return settings.Device == ExecutionDevice.Cuda
            ? new Finding("GPU", Verdict.Bad, $"STREAMING_DEVICE is cuda, but {warning}")
            : new Finding("GPU", Verdict.Optional, "no usable CUDA device; the CPU is used");
    }

    private static Finding Redis(Settings settings)
    {
        if (settings.Redis is not { } address)
            return new Finding("Redis", Verdict.Optional, "not set: what streams remember is stored in the data folder (STREAMING_REDIS names a Redis)");
        RedisLink link = RedisLink.Connect(address, LocalDirectory.RedisPatience);
        try
        {
            return Task.Run(link.CheckAsync).GetAwaiter().GetResult() is { } weakness
                ? new Finding("Redis", Verdict.Bad, weakness)
                : new Finding("Redis", Verdict.Good, $"{address.Name} answers and keeps what it is given");
        }
        catch (StoreException e)
        {
            return new Finding("Redis", Verdict.Bad, $"{e.Message}; see STREAMING_REDIS");
        }
        finally
        {
            Task.Run(async () => await link.DisposeAsync()).GetAwaiter().GetResult();
        }
    }

    private static Finding Port(HttpSettings http) => CanConnect(http.Port)
        ? new Finding("port", Verdict.Optional, $"{http.Listen}:{http.Port} is taken: either this server runs, or set STREAMING_PORT to another port")
        : new Finding("port", Verdict.Good, $"{http.Listen}:{http.Port} is free");

    private static bool CanConnect(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static Finding Data(Settings settings)
    {
        try
        {
            Directory.CreateDirectory(settings.DataFolder);
            string probe = Path.Combine(settings.DataFolder, $".probe-{Guid.NewGuid():N}");
            File.WriteAllBytes(probe, [1]);
            File.Delete(probe);
            double free = new DriveInfo(settings.DataFolder).AvailableFreeSpace / 1e9;
            return new Finding("data", Verdict.Good, FormattableString.Invariant($"{settings.DataFolder} can be written, {free:0.0} GB are free"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Finding("data", Verdict.Bad, $"{e.Message} Set STREAMING_DATA to a folder that can be written.");
        }
    }
}
