using Streaming.Faults;

namespace Streaming.Benchmarks.Faults;

/// <summary>One way to lose cameras, and the streams that are lost by it, all at once.</summary>
/// <param name="Lose">The cameras go.</param>
/// <param name="Return">They are back once this returns.</param>
/// <param name="StaysAway">False: they are back at once, and only their old connections are dead.</param>
/// <param name="Reconnects">True: nothing comes by the old connections any more.</param>
/// <param name="Camera">Where all of them come from.</param>
internal sealed record DropKind(string Name, IReadOnlyList<string> Streams, Action Lose, Action Return, bool StaysAway, bool Reconnects, Camera Camera);

/// <summary>Real RTSP servers, and relays before one of them, for streams of every kind.</summary>
internal sealed class DropCameras : IAsyncDisposable
{
    private static readonly string[] Small = ["--width", "160", "--height", "120", "--rate", "5"];

    private readonly Camera _steady = new(Small), _abandoning = new(Small), _freezing = new(Small), _restarting = new(Small);
    private readonly List<Relay> _cut = [], _halfOpen = [];

    /// <param name="each">Streams of each kind.</param>
    public DropCameras(int each)
    {
        for (int i = 0; i < each; i++)
        {
            _cut.Add(new Relay(_steady.Url));
            _halfOpen.Add(new Relay(_abandoning.Url));
        }
        Kinds =
        [
            new("cut", Names("cut", each), () => _cut.ForEach(relay => relay.Cut()), () => _cut.ForEach(relay => relay.Mend()), true, true, _steady),
            new("freeze", Names("freeze", each), _freezing.Freeze, _freezing.Thaw, true, false, _freezing),
            new("half_open", Names("half_open", each), () => _halfOpen.ForEach(relay => relay.HalfOpen()), () => { }, false, true, _abandoning),
            new("restart", Names("restart", each), _restarting.SwitchOff, _restarting.SwitchOn, true, true, _restarting),
        ];
    }

    public IReadOnlyList<DropKind> Kinds { get; }

    /// <summary>Where a stream's camera is found.</summary>
    public string UrlOf(DropKind kind, int number) => kind.Name switch
    {
        "cut" => _cut[number].Url,
        "half_open" => _halfOpen[number].Url,
        "freeze" => _freezing.Url,
        _ => _restarting.Url,
    };

    public async ValueTask DisposeAsync()
    {
        foreach (Relay relay in (IEnumerable<Relay>)[.. _cut, .. _halfOpen])
            await relay.DisposeAsync();
        foreach (Camera camera in (Camera[])[_steady, _abandoning, _freezing, _restarting])
            camera.Dispose();
    }

    private static string[] Names(string kind, int each) => [.. Enumerable.Range(0, each).Select(number => $"{kind}-{number}")];
}
