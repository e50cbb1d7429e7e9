using System.Buffers.Text;
using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video;

/// <summary>
/// How long a process's main thread was ready to run while no processor was free. Deadlines leave that time out: they catch a
/// process that hangs, not one on a machine that is too busy to let it run.
/// </summary>
internal sealed class RunQueue : IDisposable
{
    private const int LongestLine = 128;
    private const long NanosecondsPerMillisecond = 1_000_000;
    private const int RefreshMilliseconds = 1000; // Often enough for deadlines of seconds, too rare to cost anything.

    /// <summary>Of this process: the decoder process decodes on its main thread.</summary>
    internal static RunQueue Own { get; } = new(Environment.ProcessId);

    private readonly SafeFileHandle? _statistics;
    private long _waited;
    private long _refreshAt;

    internal RunQueue(int processId)
    {
        try
        {
            _statistics = File.OpenHandle($"/proc/{processId.ToString(CultureInfo.InvariantCulture)}/schedstat");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone already, or the kernel keeps no account: then every second counts.
        }
    }

    /// <summary>Since the process began. Allocates nothing; reads what the process was last if it is gone.</summary>
    internal long WaitedMilliseconds
    {
        get
        {
            Span<byte> line = stackalloc byte[LongestLine];
            if (_statistics is not null && TryRead(line) is > 0 and var length)
            {
                // Time on a processor, time waiting for one, number of turns; see sched-stats in the kernel's documentation.
                var second = line[..length].IndexOf((byte)' ') + 1;
                if (Utf8Parser.TryParse(line[second..length], out long nanoseconds, out _))
                    _waited = nanoseconds / NanosecondsPerMillisecond;
            }
            return _waited;
        }
    }

    /// <summary>Milliseconds of a clock for deadlines that runs, to within a second, only while the process can.</summary>
    internal long Clock
    {
        get
        {
            var now = Environment.TickCount64;
            if (now >= _refreshAt)
            {
                _ = WaitedMilliseconds;
                _refreshAt = now + RefreshMilliseconds;
            }
            return now - _waited;
        }
    }

    public void Dispose() => _statistics?.Dispose();

    private int TryRead(Span<byte> line)
    {
        try
        {
            return RandomAccess.Read(_statistics!, line, 0);
        }
        catch (IOException)
        {
            return 0;
        }
    }
}
