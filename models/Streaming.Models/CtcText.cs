using System.Text;

namespace Streaming.Models;

/// <summary>The last step of a text recogniser trained with CTC: probabilities of characters from left to right -> text. Greedy.</summary>
/// <param name="keys">The characters of the classes from 1 on; class 0 is the blank, the one after the last key a space.</param>
public sealed class CtcText(IReadOnlyList<string> keys)
{
    /// <summary>How many classes the recogniser must have.</summary>
    public int Classes => keys.Count + 2;

    /// <param name="probabilities">[steps, <see cref="Classes"/>].</param>
    /// <returns>The text and the mean probability of its characters, 0 for none.</returns>
    public (string Text, float Score) Read(ReadOnlySpan<float> probabilities)
    {
        var text = new StringBuilder();
        double sum = 0;
        int count = 0, before = 0;
        for (int step = 0; step + Classes <= probabilities.Length; step += Classes)
        {
            ReadOnlySpan<float> row = probabilities.Slice(step, Classes);
            int best = Sampler.Greedy(row);
            if (best != 0 && best != before)
            {
                text.Append(best <= keys.Count ? keys[best - 1] : " ");
                sum += row[best];
                count++;
            }
            before = best;
        }
        return (text.ToString().Trim(), count == 0 ? 0 : (float)(sum / count));
    }
}
