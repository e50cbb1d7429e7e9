using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Streaming.Server.Tests.Http;

/// <summary>A span as it was sent.</summary>
/// <param name="Parent">Empty: it has none.</param>
/// <param name="Status">0 unset, 1 ok, 2 error.</param>
internal sealed record SentSpan(string Trace, string Id, string Parent, string Name, int Status, IReadOnlyDictionary<string, object> Attributes, IReadOnlyDictionary<string, object> Resource);

/// <summary>Takes spans by OTLP over HTTP, as protobuf: the messages of opentelemetry-proto 1.x, of which it reads what tests look at.</summary>
internal sealed class TraceCollector : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TraceCollector(WebApplication app) => _app = app;

    public ConcurrentQueue<SentSpan> Spans { get; } = new();

    /// <summary>All that came, as it came.</summary>
    public ConcurrentQueue<byte[]> Bodies { get; } = new();

    public Uri Address => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()), "/v1/traces");

    public static async Task<TraceCollector> StartAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var collector = new TraceCollector(builder.Build());
        collector._app.MapPost("/v1/traces", collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Bodies.Enqueue(body.ToArray());
        foreach (var (_, _, resourceSpans) in Fields(body.ToArray()).Where(field => field.Number == 1))
        {
            var resource = Fields(resourceSpans).Where(field => field.Number == 1).SelectMany(field => Attributes(field.Bytes, 1)).ToDictionary();
            foreach (var scope in Fields(resourceSpans).Where(field => field.Number == 2))
                foreach (var span in Fields(scope.Bytes).Where(field => field.Number == 2))
                    Spans.Enqueue(Read(span.Bytes, resource));
        }
        return Results.Bytes([], "application/x-protobuf");
    }

    private static SentSpan Read(ReadOnlyMemory<byte> span, Dictionary<string, object> resource)
    {
        var fields = Fields(span).ToLookup(field => field.Number);
        string Hex(int number) => Convert.ToHexStringLower(fields[number].SingleOrDefault().Bytes.Span);
        var status = fields[15].SelectMany(field => Fields(field.Bytes)).FirstOrDefault(field => field.Number == 3);
        return new SentSpan(Hex(1), Hex(2), Hex(4), Text(fields[5].Single().Bytes), (int)status.Value, Attributes(span, 9).ToDictionary(), resource);
    }

    /// <summary>Pairs of a key and a value that is a string, a truth, a whole number or another.</summary>
    private static IEnumerable<KeyValuePair<string, object>> Attributes(ReadOnlyMemory<byte> message, int number)
    {
        foreach (var pair in Fields(message).Where(field => field.Number == number))
        {
            var parts = Fields(pair.Bytes).ToLookup(field => field.Number);
            var (kind, value, bytes) = Fields(parts[2].Single().Bytes).Single();
            yield return new(Text(parts[1].Single().Bytes), kind switch { 1 => Text(bytes), 2 => value != 0, 3 => (long)value, 4 => BitConverter.UInt64BitsToDouble(value), _ => "?" });
        }
    }

    private static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>The fields of a protobuf message as they stand on the wire.</summary>
    private static IEnumerable<(int Number, ulong Value, ReadOnlyMemory<byte> Bytes)> Fields(ReadOnlyMemory<byte> message)
    {
        while (!message.IsEmpty)
        {
            ulong tag = Varint(ref message), value = 0;
            ReadOnlyMemory<byte> bytes = default;
            int length = (tag & 7) switch { 1 => 8, 5 => 4, 2 => (int)Varint(ref message), _ => 0 };
            if ((tag & 7) == 0)
                value = Varint(ref message);
            else if ((tag & 7) == 1)
                value = BinaryPrimitives.ReadUInt64LittleEndian(message.Span);
            else
                bytes = message[..length];
            message = message[length..];
            yield return ((int)(tag >> 3), value, bytes);
        }
    }

    private static ulong Varint(ref ReadOnlyMemory<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = message.Span[0];
            message = message[1..];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
                return value;
        }
    }
}
