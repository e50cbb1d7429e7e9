namespace Streaming.Video.FFmpeg;

/// <summary>Adds up the motion vectors of all pictures since the last sample.</summary>
internal struct MotionSum
{
    internal const int MotionVectorData = 8; // AV_FRAME_DATA_MOTION_VECTORS
    private const int Intra = 1; // AV_PICTURE_TYPE_I

    private int _pictures;
    private double _motion;
    private double _intraFraction;

    /// <summary>Mean length of the vectors over the picture's diagonal, by area; NaN if no picture had any.</summary>
    internal readonly float Motion => (float)(_motion / _pictures);

    /// <summary>Share of the area that no vector covers; NaN likewise.</summary>
    internal readonly float IntraFraction => (float)(_intraFraction / _pictures);

    /// <summary>Takes one picture. Intra frames say nothing: the encoder, not the scene, chose their place.</summary>
    internal void Add(AvFrame picture)
    {
        if (picture.PictureType == Intra)
            return;
        var vectors = LibAv.av_frame_get_side_data(picture, MotionVectorData).MotionVectors;
        if (!vectors.IsEmpty)
            Add(vectors, picture.Width, picture.Height);
    }

    internal void Add(ReadOnlySpan<AvMotionVector> vectors, int width, int height)
    {
        double length = 0, area = 0, past = 0, future = 0;
        foreach (ref readonly var vector in vectors)
        {
            var block = (double)vector.Width * vector.Height;
            var (x, y) = ((double)vector.MotionX, (double)vector.MotionY);
            length += block * Math.Sqrt(x * x + y * y) / Math.Max((int)vector.Scale, 1);
            area += block;
            if (vector.Source < 0)
                past += block;
            else
                future += block;
        }
        _pictures++;
        _motion += area > 0 ? length / area / Math.Sqrt((double)width * width + (double)height * height) : 0;
        // A block predicted from both sides counts once; which ones overlap is not known, so this is a lower bound.
        _intraFraction += Math.Max(0, 1 - Math.Max(past, future) / ((double)width * height));
    }
}
