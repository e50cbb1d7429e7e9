using Streaming.Contracts;
using Streaming.Models;
using Streaming.Pipelines;

namespace Streaming.Server.Questions;

/// <summary>Which visual tokens an answer was written from, frame by frame.</summary>
internal static class SightDocuments
{
    /// <param name="vision">Whose grid the tokens lie on.</param>
    internal static SightDocument Of(Answer answer, Sighting sighting, VisionShape vision)
    {
        var frames = new List<SightFrame>();
        VisualTokens? read = answer.Read;
        for (int start = 0, end; start < read?.Count; start = end)
        {
            TimeSpan time = read.Origins.Span[start].Time;
            for (end = start + 1; end < read.Count && read.Origins.Span[end].Time == time;)
                end++;
            frames.Add(FrameOf(read.Slice(start, end - start), time, sighting, vision));
        }
        return new SightDocument(sighting.Source.Path, vision.GridRows, vision.GridColumns, frames);
    }

    private static SightFrame FrameOf(VisualTokens tokens, TimeSpan time, Sighting sighting, VisionShape vision)
    {
        int[] places = [.. tokens.Origins.ToArray().Select(origin => (origin.Row * vision.GridColumns) + origin.Column)];
        double[] weights = [.. tokens.Weights.ToArray().Select(weight => Math.Round(weight, 2))];
        string? picture = sighting.NumberAt(time) is { } number ? AnswerDocuments.PictureOf(sighting.Source, number) : null;
        return new SightFrame(time.TotalSeconds, sighting.StartedAt + time, picture, places, weights);
    }
}
