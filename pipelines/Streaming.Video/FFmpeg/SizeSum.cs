namespace Streaming.Video.FFmpeg;

/// <summary>Adds up the sizes of the coded pictures since the last sample, apart by whether they are predicted from others.</summary>
internal struct SizeSum
{
    private const int Intra = 1; // AV_PICTURE_TYPE_I

    private int _predictedPictures, _intraPictures;
    private double _predicted, _intra;

    /// <summary>Mean bytes of a predicted picture; NaN if there was none.</summary>
    internal readonly float Predicted => (float)(_predicted / _predictedPictures);

    /// <summary>Mean bytes of an intra picture; NaN if there was none.</summary>
    internal readonly float IntraBytes => (float)(_intra / _intraPictures);

    /// <summary>Takes one picture. One whose size or type is not known says nothing.</summary>
    internal void Add(AvFrame picture)
    {
        if (picture.PacketSize <= 0 || picture.PictureType <= 0)
            return;
        if (picture.PictureType == Intra)
            (_intra, _intraPictures) = (_intra + picture.PacketSize, _intraPictures + 1);
        else
            (_predicted, _predictedPictures) = (_predicted + picture.PacketSize, _predictedPictures + 1);
    }
}
