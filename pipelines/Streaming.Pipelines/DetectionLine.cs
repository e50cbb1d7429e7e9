using System.Threading.Channels;
using Streaming.Compression;
using Streaming.Models;

namespace Streaming.Pipelines;

/// <summary>
/// The one line in front of the object detector: pictures of all streams that wait go through together. Each stream waits for its own
/// before it sends the next, so that the line is never longer than there are streams.
/// </summary>
/// <param name="detector">Disposed with this.</param>
public sealed class DetectionLine : IAsyncDisposable
{
    // On a CPU a larger batch is no faster; on a GPU four pictures of 512 x 512 fill it.
    private const int MostTogether = 4;

    private readonly IObjectDetector _detector;
    private readonly Channel<Request> _requests = Channel.CreateUnbounded<Request>(new UnboundedChannelOptions { SingleReader = true });
    private readonly float[] _pixels;
    private readonly Task _work;

    public DetectionLine(IObjectDetector detector)
    {
        (_detector, _pixels) = (detector, new float[MostTogether * detector.Input.Values]);
        _work = Task.Run(WorkAsync);
    }

    /// <summary>What is in a frame, boxes in shares of it. The frame must live until then.</summary>
    public Task<IReadOnlyList<Detection>> DetectAsync(Frame frame)
    {
        var request = new Request(frame, new TaskCompletionSource<IReadOnlyList<Detection>>(TaskCreationOptions.RunContinuationsAsynchronously));
        return _requests.Writer.TryWrite(request) ? request.Found.Task : Task.FromException<IReadOnlyList<Detection>>(new ObjectDisposedException(nameof(DetectionLine)));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_requests.Writer.TryComplete())
            return;
        await _work.ConfigureAwait(false);
        _detector.Dispose();
    }

    private readonly record struct Request(Frame Frame, TaskCompletionSource<IReadOnlyList<Detection>> Found);

    private async Task WorkAsync()
    {
        var together = new List<Request>(MostTogether);
        while (await _requests.Reader.WaitToReadAsync().ConfigureAwait(false))
        {
            together.Clear();
            while (together.Count < MostTogether && _requests.Reader.TryRead(out Request request))
                together.Add(request);
            try
            {
                Detect(together);
            }
            catch (Exception e)
            {
                foreach (Request request in together)
                    request.Found.TrySetException(e);
            }
        }
    }

    private void Detect(List<Request> together)
    {
        Letterbox input = _detector.Input;
        for (int i = 0; i < together.Count; i++)
            input.Fill(together[i].Frame.Rgb, together[i].Frame.Width, together[i].Frame.Height, _pixels.AsSpan(i * input.Values, input.Values));
        IReadOnlyList<IReadOnlyList<Detection>> found = _detector.Detect(_pixels, together.Count);
        for (int i = 0; i < together.Count; i++)
        {
            Frame frame = together[i].Frame;
            together[i].Found.SetResult([.. found[i].Select(one => one with { Box = input.Restore(one.Box, frame.Width, frame.Height) })]);
        }
    }
}
