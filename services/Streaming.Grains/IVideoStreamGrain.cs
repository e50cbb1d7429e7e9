using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>
/// One stream, by its name, wherever it runs: there is one of it in the cluster, and it has the stream's supervisor on its machine. What a
/// caller may ask is what <see cref="IStreamDirectory"/> lets ask of one stream. Its memory (<see cref="IMemoryGrain"/>) and its watches
/// (<see cref="IWatchGrain"/>) are the same activation, so that they are never on another machine than the stream.
/// </summary>
public interface IVideoStreamGrain : IGrainWithStringKey
{
    /// <summary>Runs the stream, if it is declared and does not run; returns once it is open.</summary>
    Task RunAsync();

    /// <summary>Lets go of the stream, once what it saw is durable, so that the next call has it run on another machine.</summary>
    Task LeaveAsync();

    Task<Outcome<StreamDocument>> AddAsync(StreamRequest request, CancellationToken cancellation);

    Task<Outcome<StreamDocument>> FindAsync(CancellationToken cancellation);

    Task<Outcome<StreamDocument>> ChangeAsync(StreamPatch patch, CancellationToken cancellation);

    Task<Outcome<StreamDocument>> RemoveAsync(CancellationToken cancellation);

    /// <summary>The newest picture as a JPEG, for a person who asked for it: no other picture leaves its machine by a grain.</summary>
    Task<Outcome<byte[]>> LivePictureAsync(CancellationToken cancellation);
}
