using System.Diagnostics;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Streaming.Pipelines;

namespace Streaming.Server.Http;

/// <summary>
/// Sends spans by OTLP: of requests, of what the model does for them, and of requests of the server's own, such as webhooks. OpenTelemetry's own variables
/// (OTEL_EXPORTER_OTLP_PROTOCOL, _HEADERS, OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and so on) say how.
/// </summary>
internal static class Tracing
{
    /// <summary>Names the collector; without it no span is made.</summary>
    internal const string Variable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>What probes and scrapers ask again and again tells nothing.</summary>
    private static readonly string[] Unheard = ["/livez", "/readyz", "/startupz", "/metrics"];

    /// <summary>Null where no collector is named. Spans that wait are sent when it is disposed.</summary>
    /// <exception cref="SettingException">The variable is no address.</exception>
    internal static TracerProvider? FromEnvironment() => FromVariables(SettingVariables.Read);

    /// <param name="variable">The value of a variable; null where it is not set.</param>
    /// <exception cref="SettingException">The variable is no address.</exception>
    internal static TracerProvider? FromVariables(Func<string, string?> variable) => variable(Variable) switch
    {
        null or "" => null,
        var text when Uri.TryCreate(text, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" => Start(_ => { }),
        var text => throw new SettingException(Variable, text, "an http:// or https:// address such as http://127.0.0.1:4317"),
    };

    /// <param name="change">What is another than OpenTelemetry's variables have it.</param>
    internal static TracerProvider Start(Action<OtlpExporterOptions> change) => Sdk.CreateTracerProviderBuilder()
        .ConfigureResource(resource => resource.Clear()
            .AddService("streaming", serviceVersion: typeof(Tracing).Assembly.GetName().Version!.ToString(3)).AddTelemetrySdk().AddEnvironmentVariableDetector())
        .AddSource(StreamingTraces.SourceName, "Microsoft.AspNetCore", "System.Net.Http")
        .AddProcessor(new Hush())
        .AddOtlpExporter(change)
        .Build();

    private sealed class Hush : BaseProcessor<Activity>
    {
        public override void OnEnd(Activity span)
        {
            if (span.GetTagItem(RequestSpan.Path) is string path && Unheard.Contains(path))
                span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        }
    }
}
