using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Streaming.Video.FFmpeg;

/// <summary>
/// One opened file as FFmpeg reads it (an AVIOContext of our own): it is given no name, so there is nothing that it could open itself, and
/// whatever else a container asks it to open is refused. Reading allocates nothing.
/// </summary>
internal sealed unsafe class FileReader : IDisposable
{
    private const int BufferBytes = 256 * 1024; // As much as a packet of high-rate film; FFmpeg's own file protocol reads so, too.
    private const int SeekSize = 0x10000; // AVSEEK_SIZE: how long is it?
    private const int Force = 0x20000; // AVSEEK_FORCE
    private const int AccessDenied = -13; // AVERROR(EACCES)
    private const int InputOutput = -5; // AVERROR(EIO)
    private const int InvalidArgument = -22; // AVERROR(EINVAL)

    private readonly SafeFileHandle _file;
    private readonly GCHandle _self;
    private nint _context;
    private long _position;

    internal FileReader(SafeFileHandle file)
    {
        _file = file;
        _self = GCHandle.Alloc(this);
        var buffer = LibAv.av_malloc(BufferBytes);
        _context = buffer == 0 ? 0 : LibAv.avio_alloc_context(buffer, BufferBytes, 0, GCHandle.ToIntPtr(_self), &OnRead, 0, &OnSeek);
        if (_context == 0)
            throw new OutOfMemoryException("FFmpeg could not allocate");
    }

    /// <summary>Makes a format context read from this file and from nothing else.</summary>
    internal void Attach(AvFormat format) => format.ReadFrom(_context, &OnOpen);

    public void Dispose()
    {
        if (_context == 0)
            return;
        LibAv.av_freep(_context + AvStructs.At.IoBuffer); // FFmpeg may have replaced the one that it was given.
        LibAv.avio_context_free(ref _context);
        _self.Free();
    }

    private int Read(Span<byte> buffer)
    {
        try
        {
            var count = RandomAccess.Read(_file, buffer, _position);
            _position += count;
            return count == 0 ? AvError.EndOfFile : count;
        }
        catch (IOException)
        {
            return InputOutput;
        }
    }

    private long Seek(long offset, int whence)
    {
        var length = RandomAccess.GetLength(_file);
        var target = (whence & ~Force) switch
        {
            SeekSize => length,
            0 => offset, // SEEK_SET
            1 => _position + offset, // SEEK_CUR
            2 => length + offset, // SEEK_END
            _ => InvalidArgument,
        };
        if (target >= 0 && (whence & ~Force) != SeekSize)
            _position = target;
        return target < 0 ? InvalidArgument : target;
    }

    [UnmanagedCallersOnly]
    private static int OnRead(nint self, byte* buffer, int size) => ((FileReader)GCHandle.FromIntPtr(self).Target!).Read(new Span<byte>(buffer, size));

    [UnmanagedCallersOnly]
    private static long OnSeek(nint self, long offset, int whence) => ((FileReader)GCHandle.FromIntPtr(self).Target!).Seek(offset, whence);

    /// <summary>A container that names another file or an address: this reader has one file.</summary>
    [UnmanagedCallersOnly]
    private static int OnOpen(nint format, nint* context, byte* url, int flags, nint* options)
    {
        *context = 0;
        return AccessDenied;
    }
}
