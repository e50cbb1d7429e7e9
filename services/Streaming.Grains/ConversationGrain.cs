using Streaming.Contracts;

namespace Streaming.Grains;

/// <summary>
/// The conversations of the cluster, as <see cref="IConversations"/> has them; there is one of it, because a conversation may be about
/// streams of several machines, and those that are used least are forgotten over all of them. They are kept in Redis, which refuses an earlier keeper.
/// </summary>
public interface IConversationGrain : IGrainWithIntegerKey
{
    Task RunAsync();

    Task<ConversationDocument> FindAsync(ConversationName name);

    Task<TurnPlace> AddAsync(ConversationName name, string question, string answer, IReadOnlyList<TurnPart> parts);

    Task SayAsync(SourceName source, TimeSpan at, IReadOnlyList<string> statements);

    Task<IReadOnlyList<string>> SaidAsync(SourceName source);

    Task ForgetAsync(ConversationName name);

    Task ForgetSourceAsync(SourceName source);
}

/// <inheritdoc cref="IConversationGrain"/>
[Orleans.Concurrency.Reentrant]
[CollectionAgeLimit(AlwaysActive = true)]
internal sealed class ConversationGrain(IStreamHost host) : Grain, IConversationGrain
{
    public override async Task OnActivateAsync(CancellationToken cancellation)
    {
        if (await host.OpenConversationsAsync() is { } problem)
            throw new OrleansException(problem.Detail);
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellation) => host.CloseConversationsAsync();

    public Task RunAsync() => Task.CompletedTask;

    public Task<ConversationDocument> FindAsync(ConversationName name) => host.Conversations.FindAsync(name);

    public Task<TurnPlace> AddAsync(ConversationName name, string question, string answer, IReadOnlyList<TurnPart> parts) => host.Conversations.AddAsync(name, question, answer, parts);

    public Task SayAsync(SourceName source, TimeSpan at, IReadOnlyList<string> statements) => host.Conversations.SayAsync(source, at, statements);

    public Task<IReadOnlyList<string>> SaidAsync(SourceName source) => host.Conversations.SaidAsync(source);

    public Task ForgetAsync(ConversationName name) => host.Conversations.ForgetAsync(name);

    public Task ForgetSourceAsync(SourceName source) => host.Conversations.ForgetAsync(source);
}
