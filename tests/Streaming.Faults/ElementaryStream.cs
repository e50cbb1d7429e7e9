namespace Streaming.Faults;

/// <summary>How a camera's pictures are coded.</summary>
public enum CameraCodec { H264, H265 }

/// <summary>One coded picture with the parameter sets before it.</summary>
/// <param name="Units">NAL units without start codes.</param>
public sealed record CodedPicture(IReadOnlyList<byte[]> Units, CameraCodec Codec);

/// <summary>Pictures out of a raw H.264 or H.265 file (Annex B) whose pictures have one slice each, as x264 and x265 write them with slices=1.</summary>
public static class ElementaryStream
{
    public static IReadOnlyList<CodedPicture> Read(string path, CameraCodec codec)
    {
        byte[] bytes = File.ReadAllBytes(path);
        var pictures = new List<CodedPicture>();
        var units = new List<byte[]>();
        foreach (Range range in Units(bytes))
        {
            byte[] unit = bytes[range];
            units.Add(unit);
            if (!IsSlice(unit[0], codec))
                continue;
            pictures.Add(new CodedPicture([.. units], codec));
            units.Clear();
        }
        return pictures;
    }

    private static bool IsSlice(byte header, CameraCodec codec) => codec == CameraCodec.H264 ? (header & 0x1F) is 1 or 5 : (header >> 1 & 0x3F) < 32;

    private static IEnumerable<Range> Units(byte[] bytes)
    {
        int begin = -1;
        for (int i = 0; i + 2 < bytes.Length; i++)
        {
            if ((bytes[i], bytes[i + 1], bytes[i + 2]) is not (0, 0, 1))
                continue;
            if (begin >= 0)
                yield return begin..(bytes[i - 1] == 0 ? i - 1 : i);
            begin = i += 3;
        }
        if (begin >= 0)
            yield return begin..bytes.Length;
    }
}
