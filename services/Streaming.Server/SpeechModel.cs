using Streaming.Models;
using Streaming.Models.Hub;
using Streaming.Models.Onnx;
using Streaming.Models.Onnx.Speech;

namespace Streaming.Server;

/// <summary>The speech recogniser that the settings name.</summary>
internal static class SpeechModel
{
    /// <returns>Null if they name none.</returns>
    /// <exception cref="InvalidModelException">There is no such folder, or it cannot be used.</exception>
    internal static ISpeechRecognizer? Load(Settings settings) => settings.Speech is not { } name
        ? null
        : OnnxSpeechRecognizer.Load(
            SpeechFolder.Open(settings.Library().FindPath(name)), new OnnxOptions { IntraOpThreads = settings.Threads }, settings.SpeechLanguage);
}
