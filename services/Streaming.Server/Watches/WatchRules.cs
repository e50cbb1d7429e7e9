using Streaming.Contracts;
using Streaming.Pipelines;
using Streaming.Pipelines.Watches;
using Streaming.Server.Egress;
using Streaming.Server.Streams;
using Streaming.Server.Webhooks;

namespace Streaming.Server.Watches;

/// <summary>What a watch may say. A refusal names the member and never repeats an address or a secret.</summary>
internal static class WatchRules
{
    /// <summary>An hour: who wants to know less often asks.</summary>
    private const double ShortestPeriod = 1, LongestPeriod = 3600;

    /// <summary>The longest stretch of time that the shipped model knows.</summary>
    private const double LongestWindow = 600;

    private const double LongestCooldown = 7 * 24 * 3600;

    private const int MostVotes = 100, LongestWord = 100;

    /// <summary>Why there can be no such watch; null if there can.</summary>
    internal static Problem? Refuse(WatchRequest request, Func<Question, string?> refuse, EgressRules rules) =>
        StreamRules.NameProblem(request.Name)
        ?? QuestionProblem("question", request.Question, refuse)
        ?? (request.Confirm is null or "" ? null : QuestionProblem("confirm", request.Confirm, refuse))
        ?? (request.FiresOn is not { } word || (word.Length <= LongestWord && Verdict.IsMeant(word)) ? null : Invalid($"fires_on has to hold a word and at most {LongestWord} characters"))
        ?? Within("every_seconds", request.EverySeconds, ShortestPeriod, LongestPeriod)
        ?? Within("window_seconds", request.WindowSeconds, 0, LongestWindow)
        ?? Within("cooldown_seconds", request.CooldownSeconds, 0, LongestCooldown)
        ?? Within("of", request.Of, 1, MostVotes)
        ?? Within("needed", request.Needed, 1, request.Of ?? MostVotes)
        ?? (request.Severity is not { } severity || Enum.IsDefined(severity) ? null : Invalid("severity has to be info, warning or critical"))
        ?? (request.Webhook is null ? null : Webhook.Refuse(request.Webhook, rules));

    private static Problem? QuestionProblem(string member, string? text, Func<Question, string?> refuse) =>
        text is null ? Invalid($"{member} is missing") : refuse(new Question(text)) is { } refusal ? Invalid($"{member}: {refusal}") : null;

    private static Problem? Within(string member, double? value, double least, double most) => value is null || (value >= least && value <= most)
        ? null
        : Invalid(FormattableString.Invariant($"{member} has to lie between {least} and {most}"));

    private static Problem Invalid(string detail) => new(ProblemKind.Invalid, detail);
}
