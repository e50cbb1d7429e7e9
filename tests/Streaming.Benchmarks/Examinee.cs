using System.Diagnostics;
using Streaming.Compression;
using Streaming.Models;
using Streaming.Perception;
using Streaming.Pipelines;
using Streaming.Server;
using Streaming.Server.Films;
using Streaming.Video;
using Streaming.World;

namespace Streaming.Benchmarks;

/// <summary>The service as it stands behind <c>ask</c>, sitting an exam.</summary>
/// <remarks>It keeps what it saw in a folder of its own, so that every film is decoded and encoded anew.</remarks>
public sealed class Examinee : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("streaming-exam-").FullName;
    private readonly FilmService _service;

    /// <param name="decoder">How decoder processes are started.</param>
    /// <exception cref="Streaming.Models.InvalidModelException">The model folder is missing or cannot be used.</exception>
    public Examinee(DecoderOptions decoder) =>
        _service = new FilmService(Settings.FromEnvironment() with { DataFolder = Path.Combine(_folder, "data") }, decoder);

    /// <summary>From now on films are perceived, too.</summary>
    /// <param name="detector">Disposed with this.</param>
    /// <param name="reader">Disposed with this.</param>
    public void PerceiveBy(IObjectDetector detector, ITextReader reader) => _service.PerceiveBy(detector, reader);

    /// <summary>Where films can be put until this is disposed.</summary>
    public string Folder => _folder;

    public Answering Answering => _service.Answering;

    /// <summary>What a stream that shows the film would remember at a moment of it.</summary>
    public MemorySnapshot MemoryAsOf(SeenFilm film, TimeSpan moment) => film.MemoryAsOf(moment, _service.Streams.Memory);

    /// <summary>The name of the model.</summary>
    public string Model => _service.Model.Name;

    /// <summary>Whether it is given notes.</summary>
    public bool ReadsNotes => _service.Model.ReadsNotes;

    /// <exception cref="InvalidOperationException">The film could not be seen; the message says why.</exception>
    public async Task<SeenFilm> SeeAsync(string film, CancellationToken cancellation = default)
    {
        var sight = await _service.SeeAsync(new FileSource(film), cancellation: cancellation);
        return sight.Film ?? throw new InvalidOperationException($"{film}: {sight.Problem}");
    }

    /// <summary>Asks about the stretch that the question is about.</summary>
    public async Task<Mark> AskAsync(SeenFilm film, FilmQuestion question, CancellationToken cancellation = default) =>
        new(question, await AskAsync(film, question.Question, question.FromSeconds, question.ToSeconds, cancellation));

    /// <summary>Asks it with kept pictures looked at again, without, or (null) as its words have it.</summary>
    public async Task<Mark> AskAsync(SeenFilm film, FilmQuestion question, bool? detail, CancellationToken cancellation) => new(question, await _service.AskAsync(
        film, new Question(question.Question, TimeSpan.FromSeconds(question.FromSeconds), TimeSpan.FromSeconds(question.ToSeconds)) { Detail = detail }, cancellation: cancellation));

    /// <summary>Asks the same of the last frame of the stretch alone.</summary>
    public async Task<Mark> AskLastFrameAsync(SeenFilm film, FilmQuestion question, CancellationToken cancellation = default) =>
        new(question, await AskAsync(film, question.Question, question.ToSeconds, question.ToSeconds, cancellation));

    /// <summary>Asks about what was remembered and noted of a stream that was looked at until the end of the stretch.</summary>
    /// <param name="notes">Null: none.</param>
    public async Task<Mark> AskAsync(MemorySnapshot memory, NotebookSnapshot? notes, FilmQuestion question, CancellationToken cancellation = default)
    {
        TimeSpan from = TimeSpan.FromSeconds(question.FromSeconds), to = TimeSpan.FromSeconds(question.ToSeconds);
        return new(question, await _service.Answering.AskAsync(new Question(question.Question, from, to), memory, to, 0, cancellation: cancellation, notes: notes));
    }

    /// <summary>The share of a request's time, from the call to the last piece of the answer, that the service adds to the model's own runs.</summary>
    public async Task<double> OverheadAsync(SeenFilm film, FilmQuestion question, CancellationToken cancellation = default)
    {
        var start = Stopwatch.GetTimestamp();
        var answer = await AskAsync(film, question.Question, question.FromSeconds, question.ToSeconds, cancellation);
        var total = Stopwatch.GetElapsedTime(start);
        return (total - answer.Timings.Model) / total;
    }

    public void Dispose()
    {
        _service.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private Task<Answer> AskAsync(SeenFilm film, string question, double from, double to, CancellationToken cancellation) =>
        _service.AskAsync(film, new Question(question, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(to)), cancellation: cancellation);
}

/// <summary>An answer beside what it should have been.</summary>
public sealed record Mark(FilmQuestion Question, Answer Answer)
{
    public bool IsRight => AnswerKey.IsRight(Answer.Text, Question.Answer);

    /// <summary>The answer says that the film does not tell.</summary>
    public bool IsRefusal => AnswerKey.Normalise(Answer.Text) == AnswerKey.Normalise(World.Questions.Question.CannotTell);
}
