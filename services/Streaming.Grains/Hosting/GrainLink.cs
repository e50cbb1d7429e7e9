using Orleans.Runtime;
using Streaming.Contracts;

namespace Streaming.Grains.Hosting;

/// <summary>The cluster for a machine that is made before it joins. Nothing is called before it has.</summary>
internal sealed class GrainLink(string machine) : IClusterLink, IConversations
{
    private IGrainFactory? _grains;
    private Func<IEnumerable<SiloAddress>> _others = () => [];

    public string Machine => machine;

    public IConversations Conversations => this;

    private IConversationGrain Book => Grains.GetGrain<IConversationGrain>(0);

    private IGrainFactory Grains => _grains ?? throw new InvalidOperationException("the machine has not joined its cluster");

    /// <param name="others">The other machines that are there now.</param>
    internal void Join(IGrainFactory grains, Func<IEnumerable<SiloAddress>> others) => (_grains, _others) = (grains, others);

    public Task<Outcome<FileDocument>> TakeFilmAsync(string folder, string name, CancellationToken cancellation) =>
        ClusterCalls.AskAsync(() => Grains.GetGrain<IFileLibraryGrain>(0).TakeAsync(folder, name, cancellation), cancellation);

    public void TellOfEvents()
    {
        foreach (SiloAddress machine in _others())
            Grains.GetGrain<IEventGrain>(machine.ToParsableString()).HearAsync().Ignore();
    }

    public Task<ConversationDocument> FindAsync(ConversationName name) => ClusterCalls.ReachAsync(() => Book.FindAsync(name), CancellationToken.None);

    public Task<TurnPlace> AddAsync(ConversationName name, string question, string answer, IReadOnlyList<TurnPart> parts) =>
        ClusterCalls.ReachAsync(() => Book.AddAsync(name, question, answer, parts), CancellationToken.None);

    public Task SayAsync(SourceName source, TimeSpan at, IReadOnlyList<string> statements) =>
        ClusterCalls.ReachAsync(() => Book.SayAsync(source, at, statements), CancellationToken.None);

    public Task<IReadOnlyList<string>> SaidAsync(SourceName source) => ClusterCalls.ReachAsync(() => Book.SaidAsync(source), CancellationToken.None);

    public Task ForgetAsync(ConversationName name) => ClusterCalls.ReachAsync(() => Book.ForgetAsync(name), CancellationToken.None);

    public Task ForgetAsync(SourceName source) => ClusterCalls.ReachAsync(() => Book.ForgetSourceAsync(source), CancellationToken.None);
}
