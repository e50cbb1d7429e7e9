using System.CommandLine;
using Streaming.Server.Alerts;
using Streaming.Server.Backup;
using Streaming.Server.Store;

namespace Streaming.Server.Verbs;

/// <summary><c>backup</c> and <c>restore</c>: the data folder, and what of it is stored in Redis, as one file.</summary>
internal static class BackupVerb
{
    private static readonly Argument<string> File = new("FILE") { Description = "The tar that holds all of it." };

    public static Command Create()
    {
        var command = new Command("backup", "Writes streams, films, pictures, memory, notes, events, conversations and keys into one file; the server may run meanwhile.") { File };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(() => RunAsync(async backup =>
        {
            string file = arguments.GetValue(File)!;
            Console.WriteLine($"{file} holds {await backup.WriteAsync(file, cancellation)} files");
        })));
        return command;
    }

    public static Command CreateRestore()
    {
        var command = new Command("restore", "Brings a backup into an empty data folder, and into Redis if STREAMING_REDIS is set; the server has to be stopped.") { File };
        command.SetAction((arguments, cancellation) => Verb.RunAsync(() => RunAsync(async backup =>
        {
            using FileStream claim = ServeVerb.Claim(Settings.FromEnvironment().DataFolder);
            Console.WriteLine($"{await backup.ReadAsync(arguments.GetValue(File)!, cancellation)} files are in {Settings.FromEnvironment().DataFolder}");
        })));
        return command;
    }

    private static async Task<int> RunAsync(Func<DataBackup, Task> act)
    {
        Settings settings = Settings.FromEnvironment();
        await using RedisLink? redis = settings.Redis is { } address ? RedisLink.Connect(address, LocalDirectory.RedisPatience) : null;
        await act(new DataBackup(settings.DataFolder, path => LogInRedis(redis, path, settings.Cluster is not null)));
        return 0;
    }

    /// <summary>Events of watches are in Redis only where the machines of a cluster share them.</summary>
    private static ILogStore? LogInRedis(RedisLink? redis, string path, bool isCluster) => redis switch
    {
        null => null,
        _ when path == SharedAlerts.Path => isCluster ? new SharedAlerts(redis) : null,
        _ => RedisMemoryStore.OfLog(redis, path),
    };
}
