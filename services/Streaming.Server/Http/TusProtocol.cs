using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>The headers of tus 1.0 (https://tus.io/protocols/resumable-upload), read and written.</summary>
internal static class TusProtocol
{
    public const string Version = "1.0.0", Extensions = "creation,checksum,expiration,termination", ContentType = "application/offset+octet-stream";

    /// <summary>The protocol's own status for a piece whose hash differs.</summary>
    public const int ChecksumMismatch = 460;

    /// <summary>Of all pairs together: names of files are short.</summary>
    private const int LongestMetadata = 4096;

    /// <summary>The version that both sides speak, said in every answer.</summary>
    /// <exception cref="RefusalException">The client speaks another, or does not say.</exception>
    public static void Agree(HttpContext http)
    {
        http.Response.Headers["Tus-Resumable"] = Version;
        bool asks = HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsOptions(http.Request.Method);
        if (http.Request.Headers["Tus-Resumable"] is var said && said == Version || (asks && said.Count == 0))
            return;
        http.Response.Headers["Tus-Version"] = Version;
        throw new RefusalException(StatusCodes.Status412PreconditionFailed, $"send \"Tus-Resumable: {Version}\"; other versions are not spoken here");
    }

    /// <summary>A header that has to hold a whole number, 0 or more.</summary>
    /// <exception cref="RefusalException">It does not.</exception>
    public static long Number(HttpRequest request, string header) =>
        request.Headers[header] is [{ } text] && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new RefusalException(StatusCodes.Status400BadRequest, $"the header {header} has to hold a whole number", parameter: header);

    /// <summary>Pairs of a name and a value in base64, as they came.</summary>
    /// <exception cref="RefusalException">They are too long.</exception>
    public static string? Metadata(HttpRequest request)
    {
        string text = request.Headers["Upload-Metadata"].ToString();
        if (text.Length > LongestMetadata)
            throw new RefusalException(StatusCodes.Status400BadRequest, $"Upload-Metadata has at most {LongestMetadata} characters here", parameter: "Upload-Metadata");
        return text.Length == 0 ? null : text;
    }

    /// <summary>The value of a pair of the metadata; null where there is none.</summary>
    /// <exception cref="RefusalException">It is not base64.</exception>
    public static string? Value(string? metadata, string name)
    {
        foreach (string pair in (metadata ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = pair.Split(' ', 2);
            if (parts[0] == name)
                return parts.Length == 1 ? "" : Encoding.UTF8.GetString(Base64(parts[1], "Upload-Metadata"));
        }
        return null;
    }

    /// <summary>What the body has to hash to; null where nothing is said.</summary>
    /// <exception cref="RefusalException">The algorithm is not known here, or the hash is not base64.</exception>
    public static UploadDigest? Checksum(HttpRequest request)
    {
        if (request.Headers["Upload-Checksum"] is not [{ } text])
            return null;
        string[] parts = text.Split(' ', 2);
        return parts.Length == 2 && UploadDigest.Algorithms.Contains(parts[0])
            ? new UploadDigest(parts[0], Base64(parts[1], "Upload-Checksum"))
            : throw new RefusalException(StatusCodes.Status400BadRequest, $"Upload-Checksum has to be one of {string.Join(", ", UploadDigest.Algorithms)} and a hash in base64", parameter: "Upload-Checksum");
    }

    /// <summary>Where the upload stands; once it is a film, where that lies.</summary>
    public static void Tell(HttpResponse response, UploadDocument upload)
    {
        IHeaderDictionary headers = response.Headers;
        headers["Upload-Offset"] = upload.OffsetBytes.ToString(CultureInfo.InvariantCulture);
        headers["Upload-Length"] = upload.SizeBytes.ToString(CultureInfo.InvariantCulture);
        if (upload.Metadata is { } metadata)
            headers["Upload-Metadata"] = metadata;
        if (upload.File is { } file)
            headers.ContentLocation = SourceName.File(file).Path;
        else
            headers["Upload-Expires"] = upload.ExpiresAt.ToString("R", CultureInfo.InvariantCulture);
    }

    /// <summary>Clients that can only send POST say in a header what they mean.</summary>
    public static Task ReadMethodAsync(HttpContext http, RequestDelegate next)
    {
        if (HttpMethods.IsPost(http.Request.Method) && http.Request.Path.StartsWithSegments(UploadEndpoints.Path) && http.Request.Headers["X-HTTP-Method-Override"] is [{ } meant]
            && (HttpMethods.IsPatch(meant) || HttpMethods.IsDelete(meant) || HttpMethods.IsHead(meant)))
            http.Request.Method = HttpMethods.GetCanonicalizedValue(meant);
        return next(http);
    }

    private static byte[] Base64(string text, string header)
    {
        try
        {
            return Convert.FromBase64String(text);
        }
        catch (FormatException)
        {
            throw new RefusalException(StatusCodes.Status400BadRequest, $"the values of {header} have to be base64", parameter: header);
        }
    }
}
