namespace Streaming.Contracts;

/// <summary>
/// One machine as its cluster sees it: it runs the streams that it is told to, and has the films and the conversations of the cluster if
/// it is told to. What all machines can reach is the data folder they share and one Redis. Every method is safe to call from any thread at
/// any time.
/// </summary>
public interface IStreamHost
{
    /// <summary>What this machine runs. Of streams that it does not run it knows nothing but their pictures; events of watches are those of all machines.</summary>
    IStreamDirectory Here { get; }

    /// <summary>How many streams it may be given.</summary>
    int Slots { get; }

    /// <summary>Names of the streams that it runs.</summary>
    IReadOnlyList<string> Running { get; }

    /// <summary>Names of all streams of the cluster, whether or not anything runs them.</summary>
    IReadOnlyList<string> Declared { get; }

    /// <summary>Runs a stream here from now on: what another machine would still remember of it is refused.</summary>
    /// <returns>Null once it runs, or ran already; otherwise why it does not: it is not declared, or the memory store does not do its part.</returns>
    Task<Problem?> OpenAsync(string stream);

    /// <summary>Lets go of a stream, once what it saw is durable or cannot be made so now.</summary>
    Task CloseAsync(string stream);

    /// <summary>The conversations, from now on kept here.</summary>
    /// <returns>Why that cannot be now, in words; null: they are.</returns>
    Task<Problem?> OpenConversationsAsync();

    Task CloseConversationsAsync();

    /// <summary>Those that are kept here; only between <see cref="OpenConversationsAsync"/> and <see cref="CloseConversationsAsync"/>.</summary>
    IConversations Conversations { get; }

    /// <summary>The films, from now on read and answered about here.</summary>
    Task OpenFilesAsync();

    Task CloseFilesAsync();

    /// <summary>Files a film that lies in the shared folder; only where the films are.</summary>
    /// <param name="folder">Where it lies, by its path from the data folder. It is gone when the film was taken.</param>
    Task<Outcome<FileDocument>> TakeFilmAsync(string folder, string name, CancellationToken cancellation);

    /// <summary>Answers a question about several sources out of what each of them answers to it by itself, wherever it is.</summary>
    /// <param name="ask">Asks one source.</param>
    IAsyncEnumerable<AnswerPiece> AskAllAsync(AskRequest request, Func<AskRequest, CancellationToken, IAsyncEnumerable<AnswerPiece>> ask, CancellationToken cancellation);

    /// <summary>Another machine stored or changed events of watches: whoever follows them here hears of it now. Returns at once.</summary>
    void HearOfEvents();
}

/// <summary>A cluster as one of its machines sees it.</summary>
public interface IClusterLink
{
    /// <summary>The machine's own name, which no other of the cluster has.</summary>
    string Machine { get; }

    /// <summary>Those of the cluster, wherever they are kept.</summary>
    IConversations Conversations { get; }

    /// <summary>Hands a film that was received here to the machine that has the films.</summary>
    /// <inheritdoc cref="IStreamHost.TakeFilmAsync"/>
    Task<Outcome<FileDocument>> TakeFilmAsync(string folder, string name, CancellationToken cancellation);

    /// <summary>Has every other machine hear of events that were stored or changed here. Returns at once; one that cannot be told looks by itself now and then.</summary>
    void TellOfEvents();
}
