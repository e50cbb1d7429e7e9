namespace Streaming.Server.Verbs;

/// <summary>A verb that cannot do what was asked: one line for the person, a non-zero exit code for the program.</summary>
public sealed class FailureException(string message) : Exception(message);
