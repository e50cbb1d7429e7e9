using System.Globalization;
using System.Text;

namespace Streaming.Benchmarks.Load;

/// <summary>Times of answers upwards, offered rates to the right, both on logarithmic axes.</summary>
internal static class LoadDrawing
{
    private const double Width = 860, Height = 400, Left = 70, Right = 150, Top = 30, Bottom = 50;

    private static readonly double[] Marks = [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100];

    public static string Of(IReadOnlyList<AnswerStep> steps)
    {
        double[] seconds = [.. steps.SelectMany(step => new[] { step.MedianSeconds, step.Seconds99 }).Where(double.IsFinite)];
        double least = Marks.Last(mark => mark <= seconds.Min() || mark == Marks[0]), most = Marks.First(mark => mark >= seconds.Max() || mark == Marks[^1]);
        double X(double rate) => Left + (Width - Left - Right) * Math.Log(rate / steps[0].Rate) / Math.Log(steps[^1].Rate / steps[0].Rate);
        double Y(double time) => Height - Bottom - (Height - Top - Bottom) * Math.Log(time / least) / Math.Log(most / least);
        var svg = new StringBuilder(Invariant($"<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {Width} {Height}\" font-family=\"sans-serif\" font-size=\"13\">\n<rect width=\"{Width}\" height=\"{Height}\" fill=\"#fff\"/>\n"));
        foreach (double mark in Marks.Where(mark => mark >= least && mark <= most))
            svg.Append(Invariant($"<path d=\"M{Left} {Y(mark):0.0}H{Width - Right}\" stroke=\"#eee\"/>\n<text x=\"{Left - 8}\" y=\"{Y(mark) + 4:0.0}\" text-anchor=\"end\">{mark} s</text>\n"));
        foreach (AnswerStep step in steps)
            svg.Append(Invariant($"<text x=\"{X(step.Rate):0.0}\" y=\"{Height - Bottom + 18}\" text-anchor=\"middle\">{step.Rate}</text>\n"));
        svg.Append(Invariant($"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 10}\" text-anchor=\"middle\">questions offered a second</text>\n"));
        foreach (var (name, colour, of) in (IEnumerable<(string, string, Func<AnswerStep, double>)>)[("half of the answers", "#06c", step => step.MedianSeconds), ("99 of 100", "#c40", step => step.Seconds99)])
        {
            AnswerStep[] drawn = [.. steps.Where(step => double.IsFinite(of(step)))];
            svg.Append(Invariant($"<polyline points=\"{string.Join(' ', drawn.Select(step => Invariant($"{X(step.Rate):0.0},{Y(of(step)):0.0}")))}\" fill=\"none\" stroke=\"{colour}\" stroke-width=\"3\"/>\n<text x=\"{Width - Right + 8}\" y=\"{Y(of(drawn[^1])) + 4:0.0}\" fill=\"{colour}\">{name}</text>\n"));
        }
        return svg.Append("</svg>\n").ToString();
    }

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
