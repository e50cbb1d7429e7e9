namespace Streaming.Pipelines;

/// <summary>What went wrong with an inference.</summary>
public enum InferenceFault
{
    /// <summary>Its turn did not come, or it did not end, in time.</summary>
    Overdue,

    /// <summary>The device is held by an inference that hangs.</summary>
    Stuck,

    /// <summary>The model failed.</summary>
    Failed,
}

/// <summary>An inference that came to nothing. The message is one line for whoever asked; the cause is for the log.</summary>
public sealed class InferenceException(InferenceFault fault, string message, Exception? cause = null) : Exception(message, cause)
{
    public InferenceFault Fault => fault;
}

/// <summary>How often inferences of one class came to nothing in one way.</summary>
public readonly record struct InferenceFaultCount(InferenceClass Class, InferenceFault Fault, long Count);
