namespace Streaming.Models;

/// <summary>The source pixels that make one target pixel along one axis, with their fixed-point weights.</summary>
/// <param name="First">Index of the first source pixel.</param>
/// <param name="Weights">One per source pixel from there on; their sum is about 1 &lt;&lt; 22.</param>
internal readonly record struct ResizeWindow(int First, int[] Weights)
{
    /// <summary>PIL's PRECISION_BITS = 32 - 8 - 2: eight bits of value and two of head room.</summary>
    private const int Precision = 22;

    /// <summary>One half, added before shifting so that the result rounds.</summary>
    public const int Half = 1 << (Precision - 1);

    public static byte Clip(int sum) => (byte)Math.Clamp(sum >> Precision, 0, 255);

    /// <summary>One window per target pixel (Pillow's precompute_coeffs and normalize_coeffs_8bpc).</summary>
    public static ResizeWindow[] Table(ResizeFilter filter, int source, int target)
    {
        double scale = (double)source / target;
        double stretch = Math.Max(scale, 1);
        double support = Support(filter) * stretch;
        var windows = new ResizeWindow[target];
        for (int i = 0; i < target; i++)
        {
            double centre = (i + 0.5) * scale;
            int first = Math.Max((int)(centre - support + 0.5), 0);
            int end = Math.Min((int)(centre + support + 0.5), source);
            windows[i] = new ResizeWindow(first, Weigh(filter, first, end - first, centre, 1 / stretch));
        }
        return windows;
    }

    private static int[] Weigh(ResizeFilter filter, int first, int count, double centre, double shrink)
    {
        var exact = new double[count];
        double sum = 0;
        for (int i = 0; i < count; i++)
            sum += exact[i] = Weight(filter, (i + first - centre + 0.5) * shrink);
        var weights = new int[count];
        for (int i = 0; i < count; i++)
        {
            double weight = sum == 0 ? exact[i] : exact[i] / sum;
            weights[i] = (int)((weight * (1 << Precision)) + (weight < 0 ? -0.5 : 0.5));
        }
        return weights;
    }

    private static double Support(ResizeFilter filter) => filter switch
    {
        ResizeFilter.Box => 0.5,
        ResizeFilter.Bilinear or ResizeFilter.Hamming => 1,
        ResizeFilter.Bicubic => 2,
        _ => 3,
    };

    private static double Weight(ResizeFilter filter, double x) => filter switch
    {
        ResizeFilter.Box => x is > -0.5 and <= 0.5 ? 1 : 0,
        ResizeFilter.Bilinear => Math.Max(1 - Math.Abs(x), 0),
        ResizeFilter.Hamming => Hamming(Math.Abs(x)),
        ResizeFilter.Bicubic => Cubic(Math.Abs(x)),
        _ => x is >= -3 and < 3 ? Sinc(x) * Sinc(x / 3) : 0,
    };

    /// <summary>Pillow writes the constants in single precision.</summary>
    private static double Hamming(double x) =>
        x == 0 ? 1 : x >= 1 ? 0 : Math.Sin(x * Math.PI) / (x * Math.PI) * (0.54f + (0.46f * Math.Cos(x * Math.PI)));

    /// <summary>Keys' cubic with a = -0.5, as in Pillow.</summary>
    private static double Cubic(double x)
    {
        const double a = -0.5;
        return x < 1 ? ((((a + 2) * x) - (a + 3)) * x * x) + 1 : x < 2 ? ((((x - 5) * x) + 8) * x - 4) * a : 0;
    }

    private static double Sinc(double x) => x == 0 ? 1 : Math.Sin(x * Math.PI) / (x * Math.PI);
}
