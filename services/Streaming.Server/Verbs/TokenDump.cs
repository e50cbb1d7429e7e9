using Streaming.Compression;
using Streaming.Models;
using Streaming.Pipelines;
using Streaming.Video;

namespace Streaming.Server.Verbs;

/// <summary>
/// What the reducer saw and kept, as NumPy files: features.npy float32 [T,N,D], saliency.npy float32 [T,N], and kept.npy int64 [K], the
/// kept tokens as indices into the T * N tokens.
/// </summary>
internal sealed class TokenDump(string folder, VisionShape shape) : IVideoStreamObserver
{
    private readonly List<VisualTokens> _frames = [];
    private readonly List<long> _kept = [];
    private int _keptFrames;

    public void Seen(Keyframe keyframe, byte[] jpeg, VisualTokens encoded, DecodeProgress progress) => _frames.Add(encoded);

    public void Kept(MemoryEntry entry, DecodeProgress progress)
    {
        foreach (TokenOrigin origin in entry.Tokens.Origins.Span)
            _kept.Add((long)_keptFrames * shape.TokensPerFrame + origin.Row * shape.GridColumns + origin.Column);
        _keptFrames++;
    }

    public void Progressed(DecodeProgress progress, VideoFacts? facts)
    {
    }

    public void Write()
    {
        Directory.CreateDirectory(folder);
        Write("features.npy", [_frames.Count, shape.TokensPerFrame, shape.Hidden], frame => frame.Features);
        Write("saliency.npy", [_frames.Count, shape.TokensPerFrame], frame => frame.Saliency);
        using FileStream kept = File.Create(Path.Combine(folder, "kept.npy"));
        NumpyFile.WriteHeader(kept, "<i8", [_kept.Count]);
        NumpyFile.Write<long>(kept, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_kept));
    }

    private void Write(string name, long[] dimensions, Func<VisualTokens, ReadOnlyMemory<float>> part)
    {
        using FileStream file = File.Create(Path.Combine(folder, name));
        NumpyFile.WriteHeader(file, "<f4", dimensions);
        foreach (VisualTokens frame in _frames)
            NumpyFile.Write(file, part(frame).Span);
    }
}
