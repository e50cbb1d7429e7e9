using Streaming.Contracts;
using Streaming.Models;
using Streaming.Models.Onnx;
using Streaming.Server.Http;
using Streaming.Server.Verbs;
using Streaming.Video;

namespace Streaming.Server.Tests.Http;

/// <summary>The whole thing: the shipped model, real decoders, a directory of its own, the demo stream, and HTTP in front.</summary>
internal sealed class DemoServer : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-demo-").FullName;

    public LocalDirectory Streams { get; private set; } = null!;

    public RunningServer Server { get; private set; } = null!;

    public string Film { get; private set; } = "";

    /// <param name="detector">What perceives things; null: perception is off.</param>
    /// <param name="gpu">What a driver would tell of the GPU that the model runs on; null: it runs on none.</param>
    public static async Task<DemoServer> StartAsync(IObjectDetector? detector = null, DeviceMemoryUse? gpu = null)
    {
        var demo = new DemoServer();
        Settings settings = new() { DataFolder = Path.Combine(demo._folder, "data") };
        VideoModel model = VideoModel.Load(settings);
        if (gpu is not null)
            model.DeviceMemory = () => gpu;
        demo.Film = Path.Combine(model.Folder, "demo.mp4");
        demo.Streams = await LocalDirectory.OpenAsync(settings, model, new LocalDirectoryOptions
        {
            Decoder = new DecoderOptions { Command = [Path.Combine(AppContext.BaseDirectory, "Streaming.Video.DecodeChild")] },
            Detector = detector,
        });
        await DemoStream.DeclareAsync(demo.Streams, demo.Film, CancellationToken.None);
        demo.Server = await RunningServer.StartAsync(demo.Streams, new HttpSettings { Port = 0 });
        return demo;
    }

    /// <summary>Waits until the demo stream has been played to its end, as a camera would deliver it.</summary>
    public Task PlayedAsync() => LocalMachine.UntilAsync(
        async () => (await Streams.StreamAsync("demo", CancellationToken.None)).Value!, stream => stream.State == StreamState.Ended);

    /// <summary>What the directory answers itself.</summary>
    public async Task<AnswerDocument> AskAsync(SourceName source, string question)
    {
        await foreach (AnswerPiece piece in Streams.AskAsync(new AskRequest([source], question), CancellationToken.None))
            if (piece.Answer is { } answer)
                return answer;
        throw new InvalidOperationException("no answer");
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        await Streams.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
