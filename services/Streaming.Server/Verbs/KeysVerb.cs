using System.CommandLine;
using System.Globalization;
using Streaming.Server.Access;
using Streaming.Server.Access.Oidc;

namespace Streaming.Server.Verbs;

/// <summary><c>keys</c>: who may call the server. A running server takes changes up within a second.</summary>
internal static class KeysVerb
{
    private static readonly Argument<string> Name = new("NAME") { Description = "Whose key it is." };

    public static Command Create() =>
        new("keys", "The keys that callers of the server show. As soon as there is one, everybody has to.") { Add(), Rotate(), Remove(), List() };

    private static Command Add()
    {
        var role = new Option<Role>("--role") { Description = "viewer looks and asks, operator also changes streams and files, admin may do everything.", DefaultValueFactory = _ => Role.Viewer };
        var streams = new Option<string[]>("--streams") { Description = "The only streams that exist for its owner. Without: all, and all files.", AllowMultipleArgumentsPerToken = true };
        var days = new Option<int?>("--days") { Description = "After so many days it is no key any more." };
        var requests = new Option<int?>("--requests") { Description = "So many requests a minute; 0: without limit. Without: as everybody (STREAMING_KEY_REQUESTS)." };
        var tokens = new Option<long?>("--tokens") { Description = "So many visual tokens an hour for its owner's questions; 0: without limit." };
        var seconds = new Option<int?>("--seconds") { Description = "So many seconds of answering an hour; 0: without limit." };
        var command = new Command("add", "Makes a key and prints it, this once.") { Name, role, streams, days, requests, tokens, seconds };
        command.SetAction((arguments, _) => Verb.RunAsync(() =>
        {
            (KeyRing ring, string name) = (Ring(), arguments.GetValue(Name)!);
            if (name.StartsWith(TokenClaims.NamePrefix, StringComparison.Ordinal))
                throw new FailureException($"names that begin with {TokenClaims.NamePrefix} are those of the identity provider");
            var limits = new CallerLimits(arguments.GetValue(requests), arguments.GetValue(tokens), arguments.GetValue(seconds));
            if (limits is { RequestsPerMinute: < 0 } or { VisualTokensPerHour: < 0 } or { SecondsPerHour: < 0 })
                throw new FailureException("a limit is 0 or more");
            if (name is KeyRing.OperatorsName or KeyRing.ViewersName || ring.Stored.Any(key => key.Name == name))
                throw new FailureException($"there is a key of {name}; \"keys rotate {name}\" makes another one for its owner");
            string[] some = [.. (arguments.GetValue(streams) ?? []).SelectMany(list => list.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
            DateTimeOffset? end = arguments.GetValue(days) is { } last ? DateTimeOffset.UtcNow.AddDays(last) : null;
            return Give(ring, ring.Stored, new AccessKey(name, arguments.GetValue(role), "", some.Length > 0 ? some : null, DateTimeOffset.UtcNow, end, limits == CallerLimits.None ? null : limits));
        }));
        return command;
    }

    private static Command Rotate()
    {
        var hours = new Option<double>("--hours") { Description = "How long the old one goes on.", DefaultValueFactory = _ => 24 };
        var command = new Command("rotate", "Makes a new key for an owner and lets the old one run out.") { Name, hours };
        command.SetAction((arguments, _) => Verb.RunAsync(() =>
        {
            KeyRing ring = Ring();
            AccessKey old = Known(ring, arguments.GetValue(Name)!)[^1];
            DateTimeOffset end = DateTimeOffset.UtcNow.AddHours(arguments.GetValue(hours));
            AccessKey[] kept = [.. ring.Stored.Select(key => key.Name == old.Name && key.IsValidAt(end) ? key with { ExpiresAt = end } : key)];
            return Give(ring, kept, old with { CreatedAt = DateTimeOffset.UtcNow });
        }));
        return command;
    }

    private static Command Remove()
    {
        var command = new Command("remove", "Takes all keys of an owner away.") { Name };
        command.SetAction((arguments, _) => Verb.RunAsync(() =>
        {
            KeyRing ring = Ring();
            AccessKey[] gone = Known(ring, arguments.GetValue(Name)!);
            ring.Store([.. ring.Stored.Except(gone)]);
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Command List()
    {
        var command = new Command("list", "Lists owners and what they may do. Keys are stored as hashes and cannot be shown again.");
        command.SetAction((_, _) => Verb.RunAsync(() =>
        {
            Console.WriteLine($"{"name",-24} {"role",-10} {"made",-12} {"until",-12} streams");
            foreach (AccessKey key in Ring().Stored)
                Console.WriteLine($"{key.Name,-24} {key.Role.ToString().ToLowerInvariant(),-10} {Day(key.CreatedAt),-12} {(key.ExpiresAt is { } end ? Day(end) : "-"),-12} {(key.Streams is null ? "all" : string.Join(", ", key.Streams))}");
            return Task.FromResult(0);
        }));
        return command;
    }

    private static Task<int> Give(KeyRing ring, IReadOnlyList<AccessKey> others, AccessKey made)
    {
        string key = AccessKey.Generate();
        ring.Store([.. others, made with { Hash = AccessKey.HashOf(key) }]);
        Console.WriteLine(key);
        return Task.FromResult(0);
    }

    private static KeyRing Ring() => new(Settings.FromEnvironment().DataFolder);

    /// <exception cref="FailureException">Nobody of that name has a key.</exception>
    private static AccessKey[] Known(KeyRing ring, string name) =>
        ring.Stored.Where(key => key.Name == name).ToArray() is { Length: > 0 } known ? known : throw new FailureException($"there is no key of {name}; \"keys list\" lists those there are");

    private static string Day(DateTimeOffset time) => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
