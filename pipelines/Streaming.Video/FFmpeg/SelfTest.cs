namespace Streaming.Video.FFmpeg;

/// <summary>
/// Decodes a clip of 465 bytes whose every field is known, so that a wrong offset shows at start and not in somebody's answer:
/// MPEG-4 in Matroska, 32x16, three pictures (I, P, P) of one colour at 0, 0.1 and 0.2 s.
/// </summary>
internal static class SelfTest
{
    private const string Clip =
        "GkXfo6NChoEBQveBAULygQRC84EIQoKIbWF0cm9za2FCh4EEQoWBAhhTgGcB/////////xFNm3SrTbuLU6uEFUmpZlOsgaFNu4tTq4QWVK5rU6" +
        "yBu027jFOrhBJUw2dTrIIBLOwBAAAAAAAAaAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA" +
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFUmpZpUq17GDD0JATYCETGF2ZldBhExhdmYWVK5r7K4BAA" +
        "AAAAAAY9eBAXPFiAAAAAAAAAABnIEAIrWcg3VuZIiBAIaPVl9NUEVHNC9JU08vQVNQg4EBI+ODhAX14QDgibCBILqBEJqBAmOingAAAbABAAAB" +
        "tYkTAAABAAAAASAAxI2IAFUBBAIUYxJUw2erc3OoY8CLY8WIAAAAAAAAAAFnyJdFo4dFTkNPREVSRIeKTGF2YyBtcGVnNB9DtnW854EAo5uBAA" +
        "CAAAABswAQBwAAAbYQwKMSNsF4HuNtv3+jjIEAZAAAAAG2UeBHf6OMgQDIAAAAAbZSwEd/";

    /// <summary>Four samples of two channels at 8 kHz, the left one at half of full scale: WAV.</summary>
    private const string Sound = "UklGRjQAAABXQVZFZm10IBAAAAABAAIAQB8AAAB9AAAEABAAZGF0YRAAAAAAQAAAAEAAAABAAAAAQAAA";

    private static readonly (byte R, byte G, byte B) Colour = (0xc0, 0x40, 0x20);

    /// <summary>Null if all is as it must be; else what is not.</summary>
    internal static string? Run() => Watch() ?? Listen();

    private static string? Listen()
    {
        using var demuxer = new Demuxer(TimeSpan.FromSeconds(5));
        if (demuxer.Open("data:audio/wav;base64," + Sound, "data", "wav", [], sound: true) is < 0 and var code)
            return $"opening a sound: {AvError.Text(code)}";
        if (demuxer.Probe() < 0 || demuxer.SelectSound() is not { } stream)
            return "no sound";
        using var codec = new SoundCodec(stream);
        if (demuxer.Read() < 0 || !demuxer.IsSound || codec.Send(demuxer.Packet) < 0)
            return "reading a sound";
        ReadOnlySpan<float> mono = codec.Receive(out bool isThere);
        return isThere && codec.Rate == 8000 && mono.SequenceEqual([0.25f, 0.25f, 0.25f, 0.25f]) ? null : "a sound's samples";
    }

    private static string? Watch()
    {
        using var demuxer = new Demuxer(TimeSpan.FromSeconds(5));
        if (demuxer.Open("data:video/x-matroska;base64," + Clip, "data", "matroska", []) is < 0 and var code)
            return $"opening: {AvError.Text(code)}";
        if (demuxer.Probe() < 0)
            return "probing";
        if (demuxer.SelectVideo(out _) is not { } stream)
            return "no video stream";
        if ((stream.Parameters.Width, stream.Parameters.Height, stream.TimeBase) != (32, 16, new AvRational(1, 1000)))
            return "the stream's facts";
        using var codec = new VideoCodec(stream, VideoCodec.DecoderOf(stream)!, threads: 1, maxPixels: 32 * 16, intraOnly: false, motionVectors: true);
        using var scaler = new PictureScaler(32, 16, exactSize: false, Orientation.Upright);
        var pictures = 0;
        while (true)
        {
            var read = demuxer.Read();
            if (read < 0 && read != AvError.EndOfFile)
                return $"reading: {AvError.Text(read)}";
            if (read >= 0 && demuxer.Packet.Pts != pictures * 100)
                return "a packet's time";
            if (codec.Send(read < 0 ? null : demuxer.Packet) is < 0 and var refused)
                return $"decoding: {AvError.Text(refused)}";
            while (codec.Receive() >= 0)
            {
                if (Check(codec.Picture, pictures++, scaler) is { } wrong)
                    return wrong;
            }
            if (read < 0)
                return pictures == 3 ? null : $"{pictures} pictures instead of 3";
        }
    }

    private static string? Check(AvFrame picture, int number, PictureScaler scaler)
    {
        if ((picture.Width, picture.Height) != (32, 16) || picture.BestEffortPts != number * 100)
            return "a picture's size or time";
        if (picture.IsIntra != (number == 0) || picture.PictureType != (number == 0 ? 1 : 2) || picture.PacketSize != (number == 0 ? 23 : 8))
            return "a picture's type or size in bytes";
        var vectors = LibAv.av_frame_get_side_data(picture, MotionSum.MotionVectorData).MotionVectors;
        if (vectors.Length != (number == 0 ? 0 : 2) || (number > 0 && (vectors[0].Width, vectors[0].Source) != (16, -1)))
            return "a picture's motion vectors";
        var size = scaler.Scale(picture, new AvRational(0, 1));
        if (size != (32, 16))
            return "a picture's scaled size";
        foreach (var (channel, expected) in new[] { (0, Colour.R), (1, Colour.G), (2, Colour.B) })
        {
            if (Math.Abs(scaler.Pixels[3 * (5 * 32 + 7) + channel] - expected) > 8)
                return "a picture's colour";
        }
        return null;
    }
}
