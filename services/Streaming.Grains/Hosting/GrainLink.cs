using Streaming.Contracts;

namespace Streaming.Grains.Hosting;

/// <summary>The cluster for a machine that is made before it joins. Nothing is called before it has.</summary>
internal sealed class GrainLink(string machine) : IClusterLink, IConversations
{
    private IGrainFactory? _grains;

    public string Machine => machine;

    public IConversations Conversations => this;

    private IConversationGrain Book => Grains.GetGrain<IConversationGrain>(0);

    private IGrainFactory Grains => _grains ?? throw new InvalidOperationException("the machine has not joined its cluster");

    internal void Join(IGrainFactory grains) => _grains = grains;

    public Task<Outcome<FileDocument>> TakeFilmAsync(string folder, string name, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Grains.GetGrain<IFileLibraryGrain>(0).TakeAsync(folder, name, cancellation), cancellation);

    public Task<ConversationDocument> FindAsync(ConversationName name) => ClusterCalls.RepeatAsync(() => Book.FindAsync(name), CancellationToken.None);

    public Task<TurnPlace> AddAsync(ConversationName name, string question, string answer, IReadOnlyList<TurnPart> parts) =>
        ClusterCalls.RepeatAsync(() => Book.AddAsync(name, question, answer, parts), CancellationToken.None);

    public Task SayAsync(SourceName source, TimeSpan at, IReadOnlyList<string> statements) =>
        ClusterCalls.RepeatAsync(() => Book.SayAsync(source, at, statements), CancellationToken.None);

    public Task<IReadOnlyList<string>> SaidAsync(SourceName source) => ClusterCalls.RepeatAsync(() => Book.SaidAsync(source), CancellationToken.None);

    public Task ForgetAsync(ConversationName name) => ClusterCalls.RepeatAsync(() => Book.ForgetAsync(name), CancellationToken.None);

    public Task ForgetAsync(SourceName source) => ClusterCalls.RepeatAsync(() => Book.ForgetSourceAsync(source), CancellationToken.None);
}
