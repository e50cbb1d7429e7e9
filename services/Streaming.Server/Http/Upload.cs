using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;
using Streaming.Contracts;

namespace Streaming.Server.Http;

/// <summary>An upload on its way from the socket to the directory, never held as a whole.</summary>
internal static class Upload
{
    /// <summary>Room for boundaries, part headers and the small fields that clients send beside the file.</summary>
    private const int Envelope = 1 << 20;

    /// <summary>A form has a handful of fields before its file.</summary>
    private const int MostParts = 16;

    /// <summary>RFC 2046 allows 70 characters.</summary>
    private const int LongestBoundary = 70;

    /// <summary>As long as file systems allow; only shown, never a path.</summary>
    private const int LongestName = 255;

    /// <exception cref="RefusalException">The form is broken, the file too large, too slow, or no film.</exception>
    public static async Task<FileDocument> StoreAsync(HttpContext http, IStreamDirectory directory, long mostBytes)
    {
        string boundary = Boundary(http.Request);
        JsonBody.RequirePlain(http.Request);
        if (http.Request.ContentLength > mostBytes + Envelope)
            throw TooLarge(mostBytes);
        var reader = new MultipartReader(boundary, http.Request.Body) { HeadersCountLimit = 8 };
        try
        {
            (MultipartSection section, string name) = await FileOf(reader, http.RequestAborted);
            return await StoreAsync(directory, name, section.Body, mostBytes, http.RequestAborted);
        }
        catch (Exception e) when (e is InvalidDataException or (IOException and not BadHttpRequestException))
        {
            throw new RefusalException(StatusCodes.Status400BadRequest, "the form is broken off or not well formed");
        }
    }

    /// <summary>What reading the upload runs into counts, whatever the directory makes of it.</summary>
    private static async Task<FileDocument> StoreAsync(IStreamDirectory directory, string name, Stream body, long mostBytes, CancellationToken cancellation)
    {
        var content = new UploadContent(body, mostBytes);
        try
        {
            Outcome<FileDocument> outcome = await directory.AddFileAsync(name, content, cancellation);
            return content.Fault is null ? RefusalException.Unwrap(outcome) : throw content.Fault;
        }
        catch (Exception e) when (content.Fault is { } fault && e != fault)
        {
            throw fault is UploadTooLargeException ? TooLarge(mostBytes) : fault;
        }
        catch (UploadTooLargeException)
        {
            throw TooLarge(mostBytes);
        }
    }

    private static RefusalException TooLarge(long mostBytes) =>
        new(new Problem(ProblemKind.TooLarge, $"an upload has at most {mostBytes} bytes here (STREAMING_MAX_UPLOAD)"));

    private static string Boundary(HttpRequest request)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) ||
            !type.MediaType.Equals("multipart/form-data", StringComparison.OrdinalIgnoreCase))
            throw new RefusalException(StatusCodes.Status415UnsupportedMediaType, "an upload has to be multipart/form-data with a part named \"file\"");
        string boundary = HeaderUtilities.RemoveQuotes(type.Boundary).ToString();
        return boundary.Length is > 0 and <= LongestBoundary
            ? boundary
            : throw new RefusalException(StatusCodes.Status400BadRequest, $"the form's boundary has to have 1 to {LongestBoundary} characters");
    }

    /// <summary>The part named "file". Small parts before it, such as a purpose, are passed over.</summary>
    private static async Task<(MultipartSection Section, string Name)> FileOf(MultipartReader reader, CancellationToken cancellation)
    {
        for (int part = 0; part < MostParts; part++)
        {
            if (await reader.ReadNextSectionAsync(cancellation) is not { } section)
                break;
            ContentDispositionHeaderValue? disposition = section.GetContentDispositionHeader();
            if (disposition is not null && HeaderUtilities.RemoveQuotes(disposition.Name) == "file")
                return (section, NameOf(disposition));
            reader.BodyLengthLimit = Envelope;
        }
        throw new RefusalException(StatusCodes.Status422UnprocessableEntity, "the form has no part named \"file\"");
    }

    /// <summary>The last part of the name that the client sent, without control characters.</summary>
    private static string NameOf(ContentDispositionHeaderValue disposition)
    {
        string sent = HeaderUtilities.RemoveQuotes(disposition.FileNameStar.HasValue ? disposition.FileNameStar : disposition.FileName).ToString();
        string last = sent[(sent.LastIndexOfAny(['/', '\\']) + 1)..];
        string name = new([.. last.Where(c => !char.IsControl(c) && !char.IsSurrogate(c)).Take(LongestName)]);
        return string.IsNullOrWhiteSpace(name) ? "film" : name.Trim();
    }
}
