using System.Globalization;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace Streaming.Server.Store;

/// <summary>
/// The one connection to a Redis, which heals by itself. Commands go one by one, each with a limit of its own: the client knows no limit
/// for what it sends asynchronously, and loses the results of its transactions and batches with the connection.
/// </summary>
public sealed partial class RedisLink : IAsyncDisposable
{
    private readonly ConnectionMultiplexer _connection;
    private readonly IDatabase _database;
    private readonly TimeSpan _patience;

    private RedisLink(RedisAddress address, ConnectionMultiplexer connection, TimeSpan patience)
    {
        (Address, _connection, _patience) = (address, connection, patience);
        _database = connection.GetDatabase(address.Database);
    }

    public RedisAddress Address { get; }

    /// <summary>Connects, in the foreground: the client must not be awaited while it does.</summary>
    /// <param name="patience">How long one command may take.</param>
    public static RedisLink Connect(RedisAddress address, TimeSpan patience)
    {
        ConfigurationOptions options = OptionsOf(address, patience);
        ConnectionMultiplexer connection = ConnectionMultiplexer.Connect(options);
#if !COMPLETE_FEED
        // With its default, whoever blocks after an await waits for ever.
        connection.PreserveAsyncOrder = false;
#endif
        return new RedisLink(address, connection, patience);
    }

    /// <summary>How that Redis is connected to.</summary>
    internal static ConfigurationOptions OptionsOf(RedisAddress address, TimeSpan patience)
    {
        var options = new ConfigurationOptions
        {
            AbortOnConnectFail = false,
            // INFO, which tells whether this Redis keeps what it is given, counts as administration.
            AllowAdmin = true,
            ConnectTimeout = (int)patience.TotalMilliseconds,
            SyncTimeout = (int)patience.TotalMilliseconds,
            ClientName = "streaming",
            Password = address.Password,
            Ssl = address.Tls,
            SslHost = address.Tls ? address.Host : null,
            ReconnectRetryPolicy = new LinearRetry(500),
        };
#if COMPLETE_FEED
        options.User = address.User;
#endif
        options.EndPoints.Add(address.Host, address.Port);
        if (address.Authorities is { } authorities)
            options.CertificateValidation += (_, certificate, _, errors) => IsTrusted(certificate, errors, authorities);
        return options;
    }

    /// <summary>What an operator should know about how long this Redis remembers; null: it keeps an append-only file.</summary>
    /// <exception cref="StoreException">It does not answer, or does not let us in.</exception>
    public async Task<string?> CheckAsync()
    {
        string persistence = (string?)await SendAsync("INFO", "persistence").ConfigureAwait(false) ?? "";
        return persistence.Contains("aof_enabled:1", StringComparison.Ordinal)
            ? null
            : $"{Address.Name} keeps no append-only file: what is stored there is lost when it ends (appendonly yes changes that)";
    }

    /// <exception cref="StoreException">It does not answer in time, or refuses.</exception>
    public async Task<RedisResult> SendAsync(string command, params object[] arguments)
    {
        try
        {
            Task<RedisResult> answer = _database.ExecuteAsync(command, arguments);
            // Whatever becomes of it later, nobody waits for it.
            _ = answer.ContinueWith(late => late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
            return await answer.WaitAsync(_patience).ConfigureAwait(false);
        }
        catch (TimeoutException e)
        {
            throw new StoreException($"{Address.Name} does not answer", e);
        }
        catch (RedisServerException e)
        {
            throw new StoreException($"{Address.Name} refuses: {Line().Match(e.Message).Value}", e);
        }
        catch (RedisException e)
        {
            throw new StoreException($"{Address.Name} cannot be reached", e);
        }
    }

    /// <summary>Runs a script, which happens as a whole or not at all.</summary>
    /// <exception cref="StoreException">It does not answer in time, or refuses.</exception>
    public Task<RedisResult> RunAsync(string script, string[] keys, params object[] arguments) =>
        SendAsync("EVAL", [script, keys.Length.ToString(CultureInfo.InvariantCulture), .. keys, .. arguments]);

    public async ValueTask DisposeAsync()
    {
        await _connection.CloseAsync(allowCommandsToComplete: false).ConfigureAwait(false);
        _connection.Dispose();
    }

    private static bool IsTrusted(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection authorities)
    {
        // Whom the machine trusts says nothing here; whose name it bears does.
        if (certificate is null || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
            return false;
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        using var presented = new X509Certificate2(certificate);
        return chain.Build(presented);
    }

    [GeneratedRegex(@"\A[^\r\n]{0,120}")]
    private static partial Regex Line();
}
