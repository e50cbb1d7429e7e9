namespace Streaming.Models.Onnx;

/// <summary>Where networks run.</summary>
public enum ExecutionDevice
{
    Cpu,

    /// <summary>A CUDA device; the CPU with one warning where there is none.</summary>
    Cuda,
}

/// <summary>What says how much a visual token matters inside its frame.</summary>
public enum SaliencySource
{
    /// <summary>The attention that it receives in the vision encoder's last layer, where the graph lets that be added as an output; else its features.</summary>
    Attention,

    /// <summary>Its features alone.</summary>
    Features,
}

/// <summary>How networks are loaded.</summary>
public sealed record OnnxOptions
{
    public ExecutionDevice Device { get; init; } = ExecutionDevice.Cpu;

    /// <summary>Which of several CUDA devices, counted from 0.</summary>
    public int DeviceNumber { get; init; }

    /// <summary>Threads inside one run; 0 means one per core.</summary>
    public int IntraOpThreads { get; init; }

    /// <summary>Picks the graph files by transformers.js' names: fp32, fp16, q4, q4f16, ...; embed_tokens and the vision encoder fall back
    /// to fp32 where the folder has no such file.</summary>
    public string Dtype { get; init; } = "fp32";

    /// <summary>How visual tokens are made fewer inside the language model; null: not at all, and the decoder stays whole.</summary>
    public InnerReducer? InnerReducer { get; init; }

    /// <summary>The most tokens of a prompt that the decoder reads in one run: the memory that attention takes grows with their number times
    /// the prompt's. 2,048 of 6,300 tokens take 0.7 GB in a model of 14 heads, all at once 2.2 GB.</summary>
    public int LongestRun { get; init; } = 2048;

    /// <summary>The most tokens of a prompt in one run while other answers are being written: these wait for it. 256 take a model of
    /// SmolVLM2-256M's shape about a second on two cores.</summary>
    public int LongestRunBeside { get; init; } = 256;

    /// <summary>The most answers that are written together. Steps of one to eight cost about the same, because most of their time goes to reading the weights.</summary>
    public int Answers { get; init; } = 8;

    /// <summary>The most that keys and values of prompts that were read are kept in, for others that begin alike. A visual token takes
    /// 45 kB in a model of SmolVLM2-256M's shape, so that this holds ten prompts of 576 visual tokens.</summary>
    public long PrefixBytes { get; init; } = 256L << 20;

    /// <summary>What the vision encoder is made to say about its tokens.</summary>
    public SaliencySource Saliency { get; init; } = SaliencySource.Attention;

    /// <summary>Where graphs that are made of the model's own are kept between starts; null: they are made each time.</summary>
    public string? GraphFolder { get; init; }

    /// <summary>Measures deadlines and timings.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Receives at most one line, when CUDA was asked for and is not there.</summary>
    public Action<string>? Warn { get; init; }
}
