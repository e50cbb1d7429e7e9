using System.Text.Json;
using System.Text.Json.Serialization;

namespace Streaming.Server.Archive;

/// <summary>
/// The version of all files in a data folder that do not say their own: streams, watches, events, keys, uploads and films. Members may be
/// added to them without another version, because a program passes over those that it does not know.
/// </summary>
internal static class DataFormat
{
    public const string FileName = "format.json";

    /// <summary>Raised when a program of before could no longer read what is written. Files of 0, from before there was this one, are as those of 1.</summary>
    public const int Version = 1;

    /// <summary>Takes a folder over as it is, and notes which version it has from now on.</summary>
    /// <exception cref="SettingException">A later program wrote it, or nobody can say which; nothing in it was changed.</exception>
    internal static void Open(string dataFolder)
    {
        string path = Path.Combine(dataFolder, FileName);
        try
        {
            DataFormatMark mark = File.Exists(path) ? JsonSerializer.Deserialize(File.ReadAllBytes(path), DataFormatJson.Default.DataFormatMark) ?? throw new JsonException("it holds nothing") : new DataFormatMark(0);
            if (mark.Version > Version)
            {
                throw new SettingException($"{dataFolder} (STREAMING_DATA) holds data of version {mark.Version}, and this program knows versions up to {Version}: "
                    + "start the newer program again, or restore a backup of before into another folder");
            }
            if (mark.Version < Version)
                AtomicFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new DataFormatMark(Version), DataFormatJson.Default.DataFormatMark));
        }
        catch (JsonException e)
        {
            throw new SettingException($"{path} does not say of which version the data is: {e.Message}");
        }
        catch (IOException)
        {
            // A disk that is full: said by the next start.
        }
    }
}

/// <summary>What the file holds.</summary>
internal sealed record DataFormatMark(int Version);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(DataFormatMark))]
internal sealed partial class DataFormatJson : JsonSerializerContext;
