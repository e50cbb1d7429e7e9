namespace Streaming.Conventions.Tests;

/// <summary>Fails with every offence on a line of its own; xunit's own message cuts them short.</summary>
internal static class Offences
{
    public static void None(IEnumerable<string?> found)
    {
        var all = string.Join('\n', found);
        Assert.True(all.Length == 0, all);
    }
}
