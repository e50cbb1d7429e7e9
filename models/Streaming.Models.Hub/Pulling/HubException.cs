namespace Streaming.Models.Hub.Pulling;

/// <summary>The hub does not give what was asked of it; the message says what in one line.</summary>
public sealed class HubException(string message, Exception? cause = null) : Exception(message, cause);
