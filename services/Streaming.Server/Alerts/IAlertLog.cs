using Streaming.Contracts;

namespace Streaming.Server.Alerts;

/// <summary>The events of all watches, stored before anybody hears of them. Numbers rise and never return. Any thread may call.</summary>
internal interface IAlertLog : IDisposable
{
    /// <summary>Number of the newest event there ever was; 0 before the first.</summary>
    long Newest { get; }

    /// <summary>Completes with the next event or change of one. Take it before looking.</summary>
    Task Changed { get; }

    /// <summary>Stores an event; it is durable when this returns.</summary>
    /// <param name="alert">All of it but its number, picture and time of storing.</param>
    /// <param name="picture">Null: there is none.</param>
    /// <exception cref="IOException">It cannot be stored, and nobody has heard of it.</exception>
    StoredAlert Append(Alert alert, byte[]? picture, bool hasWebhook);

    /// <summary>Forgets what is too old and leaves nothing of it where it was stored; to be called now and then, because events may stay away.</summary>
    void Sweep();

    /// <summary>Makes last what became of an event; null if it is gone.</summary>
    /// <exception cref="IOException">It cannot be stored.</exception>
    StoredAlert? Change(long number, Func<StoredAlert, StoredAlert> change);

    /// <summary>Notes a try that is not the last; lost with the program.</summary>
    void Note(long number, Delivery delivery);

    StoredAlert? Find(long number);

    IReadOnlyList<StoredAlert> Query(AlertQuery query);

    /// <summary>The newest event of a watch; null: none is kept.</summary>
    Alert? NewestOf(string stream, string watch);

    /// <summary>Forgets all events of streams that are gone and leaves nothing of them where they were stored.</summary>
    void Forget(Predicate<string> isGone);

    /// <summary>Completes <see cref="Changed"/>: whoever works through events is to look again.</summary>
    void Announce();

    /// <summary>Where the picture of an event lies, if it has one.</summary>
    string PictureOf(Alert alert);
}
