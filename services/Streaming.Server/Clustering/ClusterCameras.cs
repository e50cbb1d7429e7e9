using Streaming.Contracts;

namespace Streaming.Server.Clustering;

/// <summary>The cameras of the configuration in a cluster, whose machines all have the same: whichever starts first declares them, and each changes them to what its own says.</summary>
internal static class ClusterCameras
{
    /// <exception cref="SettingException">One cannot be declared like this.</exception>
    internal static async Task DeclareAsync(IStreamDirectory directory, IReadOnlyList<StreamRequest> cameras, CancellationToken cancellation)
    {
        foreach (StreamRequest camera in cameras)
        {
            Outcome<StreamDocument> outcome = await directory.AddStreamAsync(camera, cancellation).ConfigureAwait(false);
            if (outcome.Problem is { Kind: ProblemKind.Taken })
                outcome = await directory.ChangeStreamAsync(camera.Name!, StreamPatchOf(camera), cancellation).ConfigureAwait(false);
            if (outcome.Problem is { } problem)
                throw new SettingException($"{Settings.CamerasVariable} declares a stream {camera.Name} that cannot be: {problem.Detail}");
        }
    }

    /// <summary>What makes a stream that is there what a camera of the configuration says.</summary>
    internal static StreamPatch StreamPatchOf(StreamRequest camera) => new(
        camera.Url, camera.SubUrl, camera.Sampling, camera.Decode, camera.TimeZone, Policy: camera.Policy, Retain: camera.Retain, Zones: camera.Zones, TimeoutSeconds: camera.TimeoutSeconds);
}
