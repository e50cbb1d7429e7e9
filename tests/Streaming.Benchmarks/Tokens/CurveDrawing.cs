using System.Globalization;
using System.Text;

namespace Streaming.Benchmarks.Tokens;

/// <summary>The curve as a picture: share of the tokens to the right on a logarithmic axis, accuracy upwards. All peers in grey, the default in colour.</summary>
internal static class CurveDrawing
{
    private const double Width = 860, Height = 460, Left = 60, Right = 200, Top = 30, Bottom = 50;

    private static readonly (string Policy, string Colour)[] Named = [(Curve.Default, "#0b6"), ("holitom", "#06c"), (CurvePoint.Frames, "#c40")];

    public static string Of(Curve curve)
    {
        var svg = new StringBuilder();
        svg.Append(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">\n"));
        svg.Append(Invariant($"<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n"));
        double floor = Math.Floor(curve.Blind * 10) / 10;
        Axes(svg, floor);
        double blind = Y(curve.Blind, floor);
        svg.Append(Invariant($"<path d=\"M{Left} {blind:0.0}H{Width - Right}\" stroke=\"#888\" stroke-dasharray=\"4 4\"/>\n<text x=\"{Width - Right + 8}\" y=\"{blind + 4:0.0}\" fill=\"#666\">not looking</text>\n"));
        foreach (string policy in curve.Policies.Where(policy => Array.TrueForAll(Named, named => named.Policy != policy)))
            Line(svg, curve, policy, "#bbb", 1, floor);
        foreach (var (policy, colour) in Named.Where(named => curve.Policies.Contains(named.Policy)))
            Line(svg, curve, policy, colour, 3, floor);
        Legend(svg, curve);
        return svg.Append("</svg>\n").ToString();
    }

    private static void Axes(StringBuilder svg, double floor)
    {
        for (double accuracy = floor; accuracy <= 1.001; accuracy += 0.1)
        {
            double y = Y(accuracy, floor);
            svg.Append(Invariant($"<path d=\"M{Left} {y:0.0}H{Width - Right}\" stroke=\"#eee\"/>\n<text x=\"{Left - 8}\" y=\"{y + 4:0.0}\" text-anchor=\"end\">{accuracy * 100:0} %</text>\n"));
        }
        foreach (int percent in new[] { 100 }.Concat(CurvePoint.Percents))
            svg.Append(Invariant($"<text x=\"{X(percent / 100.0):0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{percent}</text>\n"));
        svg.Append(Invariant($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">visual tokens kept, per cent</text>\n"));
        svg.Append(Invariant($"<text x=\"{Left}\" y=\"{Top - 12}\">right answers</text>\n"));
    }

    private static void Line(StringBuilder svg, Curve curve, string policy, string colour, double width, double floor)
    {
        string points = string.Join(' ', curve.Line(policy).Select(point => Invariant($"{X(point.Share):0.0},{Y(point.Accuracy, floor):0.0}")));
        svg.Append(Invariant($"<polyline points=\"{points}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"{width}\"><title>{policy}</title></polyline>\n"));
    }

    private static void Legend(StringBuilder svg, Curve curve)
    {
        double y = Top;
        foreach (var (policy, colour) in Named.Where(named => curve.Policies.Contains(named.Policy)).Append(("other reducers", "#bbb")))
        {
            svg.Append(Invariant($"<path d=\"M{Width - Right + 8} {y:0}h24\" stroke=\"{colour}\" stroke-width=\"3\"/>\n<text x=\"{Width - Right + 38}\" y=\"{y + 4:0}\">{(policy == CurvePoint.Frames ? "fewer frames" : policy == Curve.Default ? $"{policy} (default)" : policy)}</text>\n"));
            y += 20;
        }
    }

    private static double X(double share) => Left + (Width - Right - Left) * (1 - Math.Log(share) / Math.Log(CurvePoint.Percents[^1] / 100.0));

    private static double Y(double accuracy, double floor) => Top + (Height - Top - Bottom) * (1 - (accuracy - floor) / (1 - floor));

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
