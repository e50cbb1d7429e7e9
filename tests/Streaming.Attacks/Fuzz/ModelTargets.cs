using System.Text;
using System.Text.RegularExpressions;
using Streaming.Models;
using Streaming.Models.Hub;

namespace Streaming.Attacks.Fuzz;

/// <summary>The files of a model folder, which come from anybody who publishes one.</summary>
public static partial class ModelTargets
{
    private static readonly string[] Files = ["config.json", "generation_config.json", "preprocessor_config.json", "tokenizer_config.json"];

    private static readonly string[] Words = ["What is there?", "", " ", "a\u0301\u200d\ud83d\ude00 naïve 東京 1234567890", "<|im_end|><image>", new string('a', 3000), new string(' ', 3000), "x\0y\r\n\t"];

    /// <summary>What templates ask for when they mean harm.</summary>
    private static readonly string[] Snippets =
    [
        "{{ 'abc'[::0] }}", "{{ range(9999999999) }}", "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "{{ 1 // 0 }}", "{{ 1 % 0 }}", "{{ 'a'.split('') }}", "{{ 'a'.replace('', 'b') }}", "{{ 1e999|int }}",
        "{% set ns = namespace(a=1, a=2) %}", "{% set ns = namespace() %}{% set ns.x = ns %}{{ ns }}{{ ns|tojson }}{{ ns == ns }}", "{% set x = 'aaaaaaaa' %}{% for i in range(60) %}{% set x = x ~ x %}{{ x }}{% endfor %}", "{% set a, b %}x{% endset %}",
        "{{ messages|tojson(indent=999999999) }}", "{{ messages[99999999999999999999] }}", "{{ messages[0][0][0] }}", "{{ raise_exception('no') }}", "{{ (-9223372036854775807 - 1)|abs }}", "{{ '%s' % 1 }}", "{{ messages|map('upper')|join(messages|string) }}",
        "{{ not not not x }}", "{{ ((((((((1)))))))) }}", "{{ - - - 1 }}", "{{ {'a': 1, 'a': 2} }}", "{% if x %}", "{% endfor %}", "{{", "{%", "{#", "{{ x.y.z }}", "{{ messages is divisibleby 0 }}", "{% generation %}", "{% break %}", "{{ [1, 2] * 99999999 }}",
    ];

    /// <param name="modelFolder">A good one to begin with.</param>
    public static FuzzTarget Tokenizer(string modelFolder)
    {
        string good = File.ReadAllText(Path.Combine(modelFolder, "tokenizer.json"));
        return new FuzzTarget("tokenizer.json", dice => new JsonMutator(dice).Mutate(good), input =>
        {
            var tokenizer = Models.Tokenizer.Parse(Encoding.UTF8.GetString(input));
            foreach (string word in Words)
                tokenizer.Decode(tokenizer.Encode(tokenizer.Guard(word)));
            return Task.CompletedTask;
        }, e => e is InvalidModelException);
    }

    /// <inheritdoc cref="Tokenizer"/>
    public static FuzzTarget Template(string modelFolder)
    {
        string good = System.Text.Json.Nodes.JsonNode.Parse(File.ReadAllText(Path.Combine(modelFolder, "tokenizer_config.json")))!["chat_template"]!.GetValue<string>();
        return new FuzzTarget("chat template", dice => Encoding.UTF8.GetBytes(Mutate(good, dice)), input =>
        {
            Render(Encoding.UTF8.GetString(input));
            return Task.CompletedTask;
        }, e => e is InvalidModelException);
    }

    /// <inheritdoc cref="Tokenizer"/>
    public static FuzzTarget Manifest(string modelFolder)
    {
        string folder = Directory.CreateTempSubdirectory("streaming-fuzz-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        foreach (string file in (string[])[.. Files, "tokenizer.json"])
            File.Copy(Path.Combine(modelFolder, file), Path.Combine(folder, file));
        return new FuzzTarget("manifest", dice =>
        {
            int which = dice.Next(Files.Length);
            return [(byte)which, .. new JsonMutator(dice).Mutate(File.ReadAllText(Path.Combine(modelFolder, Files[which])))];
        }, input =>
        {
            string file = Path.Combine(folder, Files[input[0]]);
            File.WriteAllBytes(file, input[1..]);
            try
            {
                ModelFolder.Open(folder).PromptEncoder();
            }
            finally
            {
                File.Copy(Path.Combine(modelFolder, Files[input[0]]), file, overwrite: true);
            }
            return Task.CompletedTask;
        }, e => e is InvalidModelException);
    }

    /// <summary>A template with a conversation of one question.</summary>
    public static string Render(string template) => new ChatTemplate(template, new Dictionary<string, string> { ["bos_token"] = "<s>" }).Render(new Dictionary<string, object?>
    {
        ["messages"] = new List<object?> { new Dictionary<string, object?> { ["role"] = "user", ["content"] = new List<object?> { new Dictionary<string, object?> { ["type"] = "text", ["text"] = "What is there?" } } } },
        ["add_generation_prompt"] = true,
    });

    private static string Mutate(string template, Random dice)
    {
        List<string> tokens = [.. Tokens().Matches(template).Select(match => match.Value)];
        for (int times = dice.Next(1, 6); times > 0 && tokens.Count > 0; times--)
        {
            int at = dice.Next(tokens.Count);
            switch (dice.Next(6))
            {
                case 0:
                    tokens.RemoveAt(at);
                    break;
                case 1:
                    tokens.InsertRange(at, Enumerable.Repeat(tokens[at], dice.Next(1, dice.Next(10) == 0 ? 50_000 : 20)));
                    break;
                case 2:
                    int other = dice.Next(tokens.Count);
                    (tokens[at], tokens[other]) = (tokens[other], tokens[at]);
                    break;
                default:
                    tokens.Insert(at, Snippets[dice.Next(Snippets.Length)]);
                    break;
            }
        }
        return string.Concat(tokens);
    }

    [GeneratedRegex(@"\{[{%#]-?|-?[}%#]\}|\w+|\s+|'[^']*'|""[^""]*""|.", RegexOptions.Singleline)]
    private static partial Regex Tokens();
}
