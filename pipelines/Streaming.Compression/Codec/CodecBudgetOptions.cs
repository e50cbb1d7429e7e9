namespace Streaming.Compression.Codec;

/// <summary>Settings of <see cref="CodecBudgetReducer"/>. Change is one minus the mean cosine between a frame's tokens and those last shown at their places, 0..2.</summary>
public sealed record CodecBudgetOptions
{
    /// <summary>An intra frame is a keyframe above this change: cameras send one every few seconds with nothing new in it.</summary>
    public double IntraChange { get; init; } = 0.1;

    /// <summary>Any other frame is one above this change, where sizes do not contradict.</summary>
    public double CutChange { get; init; } = 0.3;

    /// <summary>Where sizes tell, a predicted frame has to be this many deviations larger than its like to be a keyframe: a cut that the encoder
    /// did not turn into an intra frame.</summary>
    public double CutDeviations { get; init; } = 2.5;

    /// <summary>Such a frame is a keyframe whatever its tokens show if motion vectors leave more than this share of its area uncovered.</summary>
    public double CutIntraFraction { get; init; } = 0.4;

    /// <summary>A keyframe at least this often, as <see cref="KeyframeSelectorOptions.MaximumGap"/>.</summary>
    public TimeSpan LongestGap { get; init; } = TimeSpan.FromSeconds(8);

    /// <summary>Of clips so long that it is more, a keyframe after this share of the whole instead (KFFocus).</summary>
    public double LongestGapShare { get; init; } = 0.05;

    /// <summary>How many times the tokens of another frame a keyframe gets (KFFocus pools by 2 instead of 4 along each side).</summary>
    public double KeyWeight { get; init; } = 4;

    /// <summary>Tokens that every frame gets that shows as many new ones, as long as that takes no more than half of the budget.</summary>
    public int LeastTokens { get; init; } = 8;

    /// <summary>Outside keyframes a token is new if its cosine with the one last shown at its place is not above this (HoliTom's threshold).</summary>
    public double Likeness { get; init; } = 0.8;

    /// <summary>A kept token's own share of the mean with those that merge into it (HoliTom's beta).</summary>
    public float OwnShare { get; init; } = 0.6f;
}
