using System.Net;
using System.Text.RegularExpressions;

namespace Streaming.Server.Clustering;

/// <summary>Which cluster a server joins, and how.</summary>
/// <param name="Id">The cluster's name: servers of another name have nothing to do with it.</param>
/// <param name="Address">Where the other servers reach this one.</param>
/// <param name="Machine">Its own name, which no other server of the cluster has and which stays when it is started again.</param>
public sealed partial record ClusterSettings(string Id, IPEndPoint Address, string Machine)
{
    internal static bool IsName(string text) => Name().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{0,63}\z")]
    private static partial Regex Name();
}
