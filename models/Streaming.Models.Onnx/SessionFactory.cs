using System.Globalization;
using Microsoft.ML.OnnxRuntime;

namespace Streaming.Models.Onnx;

/// <summary>Opens inference sessions on the device that the options ask for; falls back to the CPU once and for all with one warning.</summary>
internal sealed class SessionFactory(OnnxOptions options)
{
    // What fails is thrown and reported in our words; the runtime's own lines on the error output would only repeat it.
    static SessionFactory()
    {
        if (OrtEnv.IsCreated)
            return;
        var quiet = new EnvironmentCreationOptions { logId = "streaming", logLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        OrtEnv.CreateInstanceWithOptions(ref quiet);
    }

    /// <summary>
    /// Of ONNX Runtime's CUDA execution provider: an arena that grows by what is asked for and not by doubling, so that several networks
    /// share a card; convolutions by heuristics, since frames come in batches of any size; products in full single precision, as on the CPU.
    /// </summary>
    private Dictionary<string, string> CudaSettings => new()
    {
        ["device_id"] = options.DeviceNumber.ToString(CultureInfo.InvariantCulture),
        ["arena_extend_strategy"] = "kSameAsRequested",
        ["cudnn_conv_algo_search"] = "HEURISTIC",
        ["use_tf32"] = "0",
    };

    private bool _cuda = options.Device == ExecutionDevice.Cuda;

    /// <summary>Sessions are opened on the CPU: nothing else was asked for, or it is not there.</summary>
    public bool IsOnCpu => !_cuda;

    /// <summary>The memory of the device that sessions run on.</summary>
    public OrtMemoryInfo Memory => _cuda
        ? new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, options.DeviceNumber, OrtMemType.Default)
        : OrtMemoryInfo.DefaultInstance;

    /// <summary>What tells of the memory of that device; null: it is the machine's own, or the device does not tell.</summary>
    public DeviceMemory? OpenDeviceMemory() => _cuda ? DeviceMemory.Open(options.DeviceNumber) : null;

    /// <param name="path">A .onnx file; external data is found beside it.</param>
    /// <param name="cpuOnly">For graphs that only look up a table.</param>
    /// <exception cref="InvalidModelException">ONNX Runtime cannot read the graph.</exception>
    public InferenceSession Open(string path, bool cpuOnly = false) => Open(path, session => new InferenceSession(path, session), cpuOnly);

    /// <param name="graph">A .onnx file's bytes.</param>
    /// <param name="path">The file that they were made of; external data is found beside it.</param>
    /// <exception cref="InvalidModelException">ONNX Runtime cannot read the graph.</exception>
    public InferenceSession Open(byte[] graph, string path) => Open(
        path,
        session =>
        {
            session.AddSessionConfigEntry("session.model_external_initializers_file_folder_path", Path.GetDirectoryName(path)!);
            return new InferenceSession(graph, session);
        },
        cpuOnly: false);

    private InferenceSession Open(string path, Func<SessionOptions, InferenceSession> open, bool cpuOnly)
    {
        if (_cuda && !cpuOnly)
        {
            try
            {
                using SessionOptions cuda = Threads(cpuOnly);
                using var provider = new OrtCUDAProviderOptions();
                provider.UpdateOptions(CudaSettings);
                cuda.AppendExecutionProvider_CUDA(provider);
                return open(cuda);
            }
            catch (OnnxRuntimeException error)
            {
                _cuda = false;
                options.Warn?.Invoke($"CUDA is not available, models run on the CPU: {FirstLine(error.Message)}");
            }
        }
        try
        {
            using SessionOptions cpu = Threads(cpuOnly);
            return open(cpu);
        }
        catch (OnnxRuntimeException error)
        {
            throw new InvalidModelException($"{Path.GetFileName(path)} cannot be loaded: {FirstLine(error.Message)}", error);
        }
    }

    /// <param name="looksUp">A graph that only looks up a table has no work for a second thread.</param>
    private SessionOptions Threads(bool looksUp)
    {
        int threads = options.IntraOpThreads > 0 ? options.IntraOpThreads : Environment.ProcessorCount;
        var session = new SessionOptions
        {
            IntraOpNumThreads = looksUp ? 1 : threads,
            InterOpNumThreads = 1,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        // Networks run in turn: the threads of one must not spin while the next one works, or nobody does.
        session.AddSessionConfigEntry("session.force_spinning_stop", "1");
        return session;
    }

    private static string FirstLine(string message) => message.Split('\n')[0].Trim();
}
