using System.Text;
using Streaming.Attacks.Fuzz;
using Streaming.Models;
using Streaming.Server.Tests.Http;

namespace Streaming.Server.Tests.Attacks;

/// <summary>Inputs that are almost right, a few of each kind, and those that once went wrong; <c>./run bench fuzz</c> goes on for longer.</summary>
public sealed class FuzzTests
{
    private const int Seed = 20261121, Runs = 150, SlowRuns = 6;

    /// <summary>Templates that once overflowed the stack, never ended, took all memory, or failed as no template may.</summary>
    private static readonly Dictionary<string, string> Templates = new()
    {
        { "brackets", $"{{{{ {new string('(', 200_000)}1{new string(')', 200_000)} }}}}" }, { "signs", $"{{{{ {string.Concat(Enumerable.Repeat("- ", 200_000))}1 }}}}" }, { "not", $"{{{{ {string.Concat(Enumerable.Repeat("not ", 200_000))}1 }}}}" },
        { "sums", $"{{{{ 1{string.Concat(Enumerable.Repeat(" + 1", 200_000))} }}}}" }, { "blocks", string.Concat(Enumerable.Repeat("{% if x %}", 200_000)) }, { "elif", "{% if x %}" + string.Concat(Enumerable.Repeat("{% elif x %}", 200_000)) + "{% endif %}" },
        { "lists", $"{{{{ {new string('[', 200_000)} }}}}" }, { "itself", "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}" }, { "itself as JSON", "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns|tojson }}" },
        { "step", "{{ 'abc'[::0] }}" }, { "range", "{{ range(99999999999) }}" }, { "range that wraps", "{{ range(9223372036854775806, 9223372036854775807, 2) }}" }, { "loops", "{% for a in range(9999) %}{% for b in range(9999) %}{% for c in range(9999) %}{% endfor %}{% endfor %}{% endfor %}" },
        { "doubling", "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(64) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}{{ ns.x }}" }, { "growing lists", "{% set ns = namespace(x=[1,2,3]) %}{% for i in range(64) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}" },
        { "lists of lists", "{% set ns = namespace(x=[1]) %}{% for i in range(64) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}{{ ns.x }}" }, { "replacing", "{% set ns = namespace(x='aaaaaaaa') %}{% for i in range(64) %}{% set ns.x = ns.x|replace('a', ns.x) %}{% endfor %}" },
        { "division", "{{ 1 % 0 }}" }, { "least number", "{{ (-9223372036854775807 - 1)|abs }}" }, { "split", "{{ 'a'.split('') }}" }, { "nothing replaced", "{{ 'a'.replace('', 'b') }}" }, { "same names", "{{ {'a': 1, 'a': 2}}}" }, { "two names", "{% set a, b %}x{% endset %}" },
        { "indent", "{{ messages|tojson(indent=2147483647) }}" }, { "negative indent", "{{ messages|tojson(indent=-1) }}" },
    };

    public static TheoryData<string> TemplateNames => [.. Templates.Keys];

    [Theory]
    [MemberData(nameof(TemplateNames))]
    public void Template_that_means_harm_is_refused_or_harmless(string name)
    {
        try
        {
            Assert.InRange(ModelTargets.Render(Templates[name]).Length, 0, 5_000_000);
        }
        catch (InvalidModelException)
        {
            // Refused in words.
        }
    }

    [Theory]
    [InlineData("\"id\": 2147483647")]
    [InlineData("\"id\": -1")]
    public void Tokenizer_ids_that_no_vocabulary_has_are_refused(string id) =>
        Assert.Throws<InvalidModelException>(() => Tokenizer.Parse($$"""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"added_tokens":[{ {{id}}, "content":"<x>","special":true}]}"""));

    [Fact]
    public void Tokenizer_pattern_that_takes_for_ever_on_a_text_is_given_up()
    {
        var tokenizer = Tokenizer.Parse("""{"model":{"type":"BPE","vocab":{"a":0},"merges":[]},"pre_tokenizer":{"type":"Split","pattern":{"Regex":"(a+)+$"},"behavior":"Isolated"}}""");
        Assert.Throws<InvalidModelException>(() => tokenizer.Encode(new string('a', 60) + "!"));
    }

    [Fact]
    public async Task Readers_of_all_kinds_take_what_is_almost_right_or_refuse_it_in_their_own_way()
    {
        string model = Path.Combine(Root(), "models", "scenes");
        await using RunningServer server = await RunningServer.StartAsync(new FakeDirectory());
        await server.DeclareAsync("door");
        string file = (string)(await RunningServer.JsonAsync(await server.UploadAsync([1, 2, 3])))["id"]!;
        FuzzTarget[] targets = [BodyTarget.Of(server.Client, file), ModelTargets.Tokenizer(model), ModelTargets.Template(model), ModelTargets.Manifest(model), StoreTargets.Snapshot, StoreTargets.Lines, StoreTargets.Replies];
        foreach (FuzzTarget target in targets)
        {
            int runs = target == StoreTargets.Replies ? SlowRuns : Runs;
            FuzzReport report = await Fuzzer.RunAsync(target, Seed, run => run < runs);
            Assert.True(report.Findings.Count == 0, string.Join('\n', report.Findings));
            Assert.Equal(runs, report.Executions);
        }
    }

    [Fact]
    public void Fuzzer_same_seed_and_run_make_the_same_input()
    {
        Assert.Equal(Fuzzer.InputOf(StoreTargets.Snapshot, 7, 3), Fuzzer.InputOf(StoreTargets.Snapshot, 7, 3));
        Assert.NotEqual(Encoding.Latin1.GetString(Fuzzer.InputOf(StoreTargets.Snapshot, 7, 3)), Encoding.Latin1.GetString(Fuzzer.InputOf(StoreTargets.Snapshot, 7, 4)));
    }

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Streaming.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("the tests run inside the repository");
        return folder;
    }
}
