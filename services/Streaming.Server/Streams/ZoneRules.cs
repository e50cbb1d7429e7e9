using System.Collections.Immutable;
using Streaming.Contracts;
using Streaming.Perception;

namespace Streaming.Server.Streams;

/// <summary>Zones as callers write them -> zones.</summary>
internal static class ZoneRules
{
    private const int Most = 32;

    /// <summary>What is wrong with them, in words; null if nothing is.</summary>
    internal static string? Refuse(IReadOnlyList<ZoneDocument> zones)
    {
        if (zones.Count > Most)
            return $"zones are {zones.Count}, at most {Most} are taken";
        if (zones.Any(zone => zone?.Name is null || zone.Points is null || zone.Points.Any(point => point is not { Count: 2 })))
            return "each of zones needs a name, and points of two numbers each";
        if (zones.Select(zone => zone.Name).Distinct(StringComparer.Ordinal).Count() != zones.Count)
            return "two of zones have the same name";
        return zones.Select(Of).Select(zone => zone.Validate()).FirstOrDefault(wrong => wrong is not null);
    }

    /// <param name="zones">That nothing is wrong with.</param>
    internal static ImmutableArray<Zone> Of(IReadOnlyList<ZoneDocument>? zones) => zones is null ? [] : [.. zones.Select(Of)];

    private static Zone Of(ZoneDocument zone) => new(zone.Name!, [.. zone.Points!.Select(point => new Spot((float)point[0], (float)point[1]))]);
}
