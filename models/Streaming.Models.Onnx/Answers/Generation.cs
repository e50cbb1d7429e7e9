using Streaming.Models.Shapes;

namespace Streaming.Models.Onnx.Answers;

/// <summary>An answer in the making; whatever ends it, what has been written counts.</summary>
internal sealed class Generation(EncodedPrompt prompt, int maxNewTokens, Tokenizer tokenizer, IReadOnlyList<int> eos, TimeProvider clock)
{
    private readonly List<int> _ids = [];
    private readonly TokenTextStream _text = new(tokenizer);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly RepetitionWatch _repetition = new();
    private FinishReason _finish = FinishReason.Deadline;
    private string _rest = "";
    private long _start, _read;

    public EncodedPrompt Prompt => prompt;

    /// <summary>Names the prompt's beginning; null: it is read for this answer alone.</summary>
    public PrefixKey? Prefix { get; init; }

    /// <summary>What it has to look like; null: anything.</summary>
    public ShapedAnswer? Shape { get; init; }

    /// <summary>Called with each piece of text.</summary>
    public Action<string>? OnText { get; init; }

    /// <summary>Ends it with what has been written.</summary>
    public required CancellationToken Stop { get; init; }

    /// <summary>The longest that prompt and answer can be together.</summary>
    public int MostTokens => prompt.TokenIds.Length + maxNewTokens;

    /// <summary>Its name in the schedule.</summary>
    public int Name { get; set; }

    /// <summary>Reads the prompt; null before and after.</summary>
    public DecodeRun? Reader { get; set; }

    /// <summary>The newest token, which the next step appends.</summary>
    public int Token { get; private set; }

    public TimeSpan ModelTime { get; set; }

    public int CachedTokens { get; set; }

    /// <summary>Completes, or fails, when it has ended; it is not touched any more then.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Its prompt is read from now on.</summary>
    public void Begin() => _start = clock.GetTimestamp();

    /// <summary>Adds a token, and after it what can only follow in one way.</summary>
    /// <returns>It is the last.</returns>
    public bool Take(int token)
    {
        if (_ids.Count == 0)
            _read = clock.GetTimestamp();
        Token = token;
        _ids.Add(token);
        Shape?.Take(token);
        if (eos.Contains(token) || Shape is { IsOver: true })
            _finish = FinishReason.Stop;
        else if (Shape?.Rest is { } rest)
            (_finish, _rest) = (FinishReason.Stop, rest);
        else if (_ids.Count >= maxNewTokens)
            _finish = FinishReason.Length;
        else if (Shape is null && _repetition.Add(token))
            _finish = FinishReason.Repetition;
        bool last = _finish != FinishReason.Deadline;
        string piece = _text.Append(token) + (last ? _text.Flush() + _rest : "");
        if (piece.Length > 0)
            OnText?.Invoke(piece);
        return last;
    }

    /// <param name="error">Why it failed; null: it did not.</param>
    public void End(Exception? error)
    {
        if (error is null)
            _ended.TrySetResult();
        else
            _ended.TrySetException(error);
    }

    public Completion Completion()
    {
        long now = clock.GetTimestamp(), start = _start == 0 ? now : _start, read = _ids.Count == 0 ? now : _read;
        return new(tokenizer.Decode(_ids) + _rest, _finish, prompt.TokenIds.Length, _ids.Count, clock.GetElapsedTime(start, read), clock.GetElapsedTime(read, now))
        {
            ModelTime = ModelTime,
            TokenIds = _ids,
            CachedTokens = CachedTokens,
        };
    }
}
