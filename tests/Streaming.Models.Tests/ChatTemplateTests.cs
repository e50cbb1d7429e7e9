using System.Text.Json;
using System.Text.Json.Nodes;
using Streaming.Models.Jinja;
using Streaming.Oracle;

namespace Streaming.Models.Tests;

[Collection("oracle")]
public sealed class ChatTemplateTests(TransformersJs oracle)
{
    /// <summary>Templates in the manner of published vision-language models, and one that walks through the subset.</summary>
    private static readonly string[] Templates =
    [
        // LLaVA-OneVision
        """
        {% for message in messages %}{{'<|im_start|>' + message['role'] + ' '}}{# Render all images first #}{% for content in message['content'] | selectattr('type', 'equalto', 'image') %}{{ '<image>\n' }}{% endfor %}{# Render all text next #}{% if message['role'] != 'assistant' %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{{ '\n' + content['text'] }}{% endfor %}{% else %}{% for content in message['content'] | selectattr('type', 'equalto', 'text') %}{% generation %}{{ '\n' + content['text'] }}{% endgeneration %}{% endfor %}{% endif %}{{'<|im_end|>'}}{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}
        """,
        // SmolVLM2
        """
        <|im_start|>{% for message in messages %}{{message['role'] | capitalize}}{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>
        {% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}
        """,
        // Qwen2-VL
        """
        {% set image_count = namespace(value=0) %}{% set video_count = namespace(value=0) %}{% for message in messages %}{% if loop.first and message['role'] != 'system' %}<|im_start|>system
        You are a helpful assistant.<|im_end|>
        {% endif %}<|im_start|>{{ message['role'] }}
        {% if message['content'] is string %}{{ message['content'] }}<|im_end|>
        {% else %}{% for content in message['content'] %}{% if content['type'] == 'image' or 'image' in content or 'image_url' in content %}{% set image_count.value = image_count.value + 1 %}{% if add_vision_id %}Picture {{ image_count.value }}: {% endif %}<|vision_start|><|image_pad|><|vision_end|>{% elif 'text' in content %}{{ content['text'] }}{% endif %}{% endfor %}<|im_end|>
        {% endif %}{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant
        {% endif %}
        """,
        // Indented, with trimming and a refusal
        """
        {%- if messages[0]['role'] == 'system' %}
            {%- set system = messages[0]['content'][0]['text'] | trim %}
            {%- set rest = messages[1:] %}
        {%- else %}
            {%- set system = '' %}
            {%- set rest = messages %}
        {%- endif %}
        {{- bos_token | default('') }}
        {%- if system %}
        {{- 'System: ' ~ system ~ '\n' }}
        {%- endif %}
        {% for message in rest %}
            {% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
                {{ raise_exception('Roles must alternate') }}
            {% endif %}
            [{{ loop.index }}/{{ loop.length }}{{ ' last' if loop.last else '' }}]
            {%- for part in message.content if part.type == 'text' %}
            {{ part.text | trim | tojson }}{% if not loop.last %},{% endif %}
            {%- else %}
            nothing
            {%- endfor %}

        {% endfor %}
        {%- set ns = namespace(total=0) -%}
        {%- for message in messages -%}
            {%- for part in message['content'] -%}
                {%- set ns.total = ns.total - -(part.get('type', '') | length) -%}
            {%- endfor -%}
        {%- endfor -%}
        total={{ ns.total }} {{ messages | length }} {{ messages | map(attribute='role') | join(',') }}
        {% if add_generation_prompt is defined and add_generation_prompt %}go{% endif %}

        """,
        // Operators, tests, slices and methods
        """
        {% set first = messages[0] %}{{ first['role'].upper() }} {{ first.role | title }} {{ 'u' in first['role'] }} {{ 'text' not in first }}
        {% for n in range(1, 8, 3) %}{{ n }}{{ ':' if not loop.last }}{% endfor %} {{ (2 + 3 * 4 - 6 // 4) % 5 }} {{ 'abc'[::-1] }} {{ 'abc'[1:] }} {{ [1, 2, 3][-1] }} {{ -2 | abs }}
        {% if first.missing is not defined and none is none and 3 is number and messages is iterable and first is mapping %}ok{% endif %}
        {% for key, value in {'a': 1, 'b': 'x'}.items() %}{{ key }}={{ value }};{% endfor %}
        {% set text %}captured {{ first.role }}{% endset %}{{ text | replace('captured', 'kept') }}
        {{ 'a-b-c'.split('-') | join('+') }} {{ '  x '.strip() }}| {{ 'Ab'.startswith('A') and not 'Ab'.endswith('A') }} {{ ('x' ~ 1) == 'x1' }}
        {{ messages | tojson }}
        {% for m in messages if m.role != 'user' %}{% if loop.index > 2 %}{% break %}{% endif %}{{ m.role }}{% endfor %}
        """,
    ];

    [Fact]
    public void Render_of_5000_random_conversations_equals_jinja()
    {
        var random = new Random(1);
        (string Template, JsonNode Variables)[] cases =
            [.. Enumerable.Range(0, 5000).Select(i => (Templates[i % Templates.Length], (JsonNode)Conversation(random)))];
        string?[] expected = oracle.Render(cases);
        string?[] actual = [.. cases.Select(item => Rendered(item.Template, item.Variables))];
        Assert.All(expected.Zip(actual), pair => Assert.Equal(Canonical(pair.First), Canonical(pair.Second)));
        Assert.Contains(expected, text => text is null);
        Assert.True(expected.Count(text => text is not null) > 3000);
    }

    [Theory]
    [InlineData("{% macro f() %}{% endmacro %}", "macro")]
    [InlineData("{{ messages | wordwrap }}", "wordwrap")]
    [InlineData("{{ lipsum() }}", "lipsum")]
    [InlineData("{{ 1 is prime }}", "prime")]
    [InlineData("{% if true %}", "endif")]
    [InlineData("{{ 'open }}", "string")]
    [InlineData("{% for x in messages %}{% endif %}", "endfor")]
    [InlineData("{{ missing.field.deeper }}", "field")]
    [InlineData("{{ raise_exception('no system prompt') }}", "no system prompt")]
    public void Render_of_something_outside_the_subset_names_it(string source, string named)
    {
        var error = Assert.Throws<TemplateException>(() => new ChatTemplate(source).Render(new Dictionary<string, object?> { ["messages"] = null }));
        Assert.Contains(named, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"chat_template": "A{{ eos_token }}", "eos_token": "<e>"}""", null, "A<e>")]
    [InlineData("""{"chat_template": [{"name": "tool", "template": "T"}, {"name": "default", "template": "D"}]}""", null, "D")]
    [InlineData("""{"chat_template": "A", "bos_token": {"content": "<b>"}}""", "{{ bos_token }}file", "<b>file")]
    public void Parse_of_each_place_for_a_template_reads_it(string config, string? separate, string expected) =>
        Assert.Equal(expected, ChatTemplate.Parse(config, separate).Render(new Prompt([])));

    [Fact]
    public void SourceIn_of_a_file_of_its_own_reads_the_template()
    {
        Assert.Equal("T", ChatTemplate.SourceIn("""{"chat_template": "T"}"""));
        Assert.Throws<InvalidModelException>(() => ChatTemplate.SourceIn("{}"));
    }

    [Fact]
    public void Parse_without_a_template_throws() => Assert.Throws<InvalidModelException>(() => ChatTemplate.Parse("{}"));

    private static JsonObject Conversation(Random random)
    {
        var messages = new JsonArray();
        if (random.Next(3) == 0)
            messages.Add(OracleMessages.Message("system", OracleMessages.Text(FuzzText.Text(random))));
        for (int turn = random.Next(4); turn >= 0; turn--)
        {
            string role = random.Next(12) == 0 ? "system" : messages.Count % 2 == 0 ? "user" : "assistant";
            messages.Add(OracleMessages.Message(role, [.. Enumerable.Range(0, random.Next(1, 5)).Select(_ =>
                role != "system" && random.Next(3) == 0 ? OracleMessages.Image() : OracleMessages.Text(FuzzText.Text(random)))]));
        }
        var variables = new JsonObject { ["messages"] = messages, ["add_generation_prompt"] = random.Next(2) == 0 };
        if (random.Next(2) == 0)
            variables["bos_token"] = "<s>";
        return variables;
    }

    private static string? Rendered(string template, JsonNode variables)
    {
        try
        {
            return new ChatTemplate(template).Render((Dictionary<string, object?>)Plain(variables)!);
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    private static object? Plain(JsonNode? node) => node switch
    {
        null => null,
        JsonObject map => map.ToDictionary(pair => pair.Key, pair => Plain(pair.Value)),
        JsonArray list => list.Select(Plain).ToList(),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.Number => node.GetValue<long>(),
            _ => node.GetValue<string>(),
        },
    };

    /// <summary>JavaScript writes booleans in lower case, Python, whose rules we follow, with a capital.</summary>
    private static string? Canonical(string? text) =>
        text?.Replace("True", "true", StringComparison.Ordinal).Replace("False", "false", StringComparison.Ordinal);
}
