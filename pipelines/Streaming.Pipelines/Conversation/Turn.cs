using Streaming.Compression.Recall;

namespace Streaming.Pipelines.Conversation;

/// <summary>A question of a conversation that was answered.</summary>
/// <param name="Seen">Where its answer was seen, in order of time; empty where nobody knows.</param>
public sealed record Turn(string Question, string Answer, IReadOnlyList<Stretch> Seen);
