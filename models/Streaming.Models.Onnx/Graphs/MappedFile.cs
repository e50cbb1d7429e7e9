using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace Streaming.Models.Onnx.Graphs;

/// <summary>A file as memory: only the pages that are looked at are read. Owned by whoever opened it; its memory ends with it.</summary>
internal sealed unsafe class MappedFile : MemoryManager<byte>
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _length;
    private byte* _start;

    /// <exception cref="InvalidDataException">The file is empty, or larger than the 2 GB that a protobuf message may have.</exception>
    public MappedFile(string path)
    {
        long length = new FileInfo(path).Length;
        _length = length is > 0 and <= int.MaxValue ? (int)length : throw new InvalidDataException($"It has {length} bytes.");
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, mapName: null, 0, MemoryMappedFileAccess.Read);
        _view = _file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _start);
    }

    public override Span<byte> GetSpan() => new(_start, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (_start is null)
            return;
        _start = null;
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _file.Dispose();
    }
}
