namespace Streaming.Models.Hub;

/// <summary>What a licence's name on a model card says.</summary>
public static class Licences
{
    /// <summary>SPDX's names as the hub writes them. Any other may forbid commercial use, and has to be read.</summary>
    private static readonly HashSet<string> Commercial = new(StringComparer.OrdinalIgnoreCase)
    {
        "apache-2.0", "mit", "bsd-2-clause", "bsd-3-clause", "bsd-3-clause-clear", "isc", "zlib", "unlicense", "cc0-1.0", "cc-by-3.0", "cc-by-4.0", "cc-by-sa-4.0", "mpl-2.0",
    };

    /// <summary>It is known to allow commercial use.</summary>
    /// <param name="licence">Null where none is stated, which allows nothing.</param>
    public static bool AllowCommercialUse(string? licence) => licence is not null && Commercial.Contains(licence);
}
