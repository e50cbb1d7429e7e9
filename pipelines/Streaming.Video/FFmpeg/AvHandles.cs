using System.Runtime.InteropServices;

namespace Streaming.Video.FFmpeg;

/// <summary>Owner of one thing that FFmpeg allocated.</summary>
internal abstract class AvHandle : SafeHandle
{
    private protected AvHandle(nint pointer) : base(0, ownsHandle: true)
    {
        if (pointer == 0)
            throw new OutOfMemoryException("FFmpeg could not allocate");
        SetHandle(pointer);
    }

    public override bool IsInvalid => handle == 0;
}

/// <summary>The owners, one per kind of struct.</summary>
internal static class AvHandles
{
    internal sealed class Format(AvFormat context) : AvHandle(context.Pointer)
    {
        internal AvFormat Context => new(handle);

        protected override bool ReleaseHandle()
        {
            LibAv.avformat_close_input(ref handle);
            return true;
        }
    }

    internal sealed class Codec(nint codec) : AvHandle(LibAv.avcodec_alloc_context3(codec))
    {
        internal AvCodec Context => new(handle);

        protected override bool ReleaseHandle()
        {
            LibAv.avcodec_free_context(ref handle);
            return true;
        }
    }

    internal sealed class Packet() : AvHandle(LibAv.av_packet_alloc())
    {
        internal AvPacket View => new(handle);

        protected override bool ReleaseHandle()
        {
            LibAv.av_packet_free(ref handle);
            return true;
        }
    }

    internal sealed class Picture() : AvHandle(LibAv.av_frame_alloc())
    {
        internal AvFrame View => new(handle);

        protected override bool ReleaseHandle()
        {
            LibAv.av_frame_free(ref handle);
            return true;
        }
    }

    /// <summary>An AVDictionary. FFmpeg takes out what it knows; what stays was misspelt.</summary>
    internal sealed class Options : IDisposable
    {
        internal nint Pointer;

        internal Options(params ReadOnlySpan<(string Key, string Value)> entries)
        {
            foreach (var (key, value) in entries)
                AvError.Require(LibAv.av_dict_set(ref Pointer, key, value, 0));
        }

        public void Dispose() => LibAv.av_dict_free(ref Pointer);
    }
}
