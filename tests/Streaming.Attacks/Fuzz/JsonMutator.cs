using System.Text;
using System.Text.Json.Nodes;

namespace Streaming.Attacks.Fuzz;

/// <summary>Changes JSON by its structure, and now and then as text.</summary>
internal sealed class JsonMutator(Random dice)
{
    private static readonly string[] Values =
    [
        "null", "true", "false", "0", "-1", "1", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "1e308", "-1e308", "1e400", "0.1", "-0", "16777216",
        "\"\"", "\"x\"", "\"\\u0000\"", "\"\\ufeff\"", "\"(a+)+$\"", "\"[\"", "\"(?<=x*)*\"", "\"../../etc/passwd\"", "\"{{7*7}}\"", "\"null\"", "[]", "[[]]", "{}", "[null]", "{\"\":{}}", "[0,1,2,3,4,5,6,7,8,9]",
    ];

    /// <summary>With one to four things changed.</summary>
    public byte[] Mutate(string json)
    {
        JsonNode root = JsonNode.Parse(json)!;
        for (int times = dice.Next(1, 5); times > 0; times--)
            Change(root);
        string text = root.ToJsonString();
        return dice.Next(10) switch
        {
            0 => Encoding.UTF8.GetBytes(text[..dice.Next(text.Length + 1)]),
            1 => Flipped(Encoding.UTF8.GetBytes(text)),
            _ => Encoding.UTF8.GetBytes(text),
        };
    }

    private byte[] Flipped(byte[] bytes)
    {
        for (int flips = dice.Next(1, 6); flips > 0 && bytes.Length > 0; flips--)
            bytes[dice.Next(bytes.Length)] = (byte)dice.Next(256);
        return bytes;
    }

    private void Change(JsonNode root)
    {
        JsonNode holder = Somewhere(root);
        if (holder is JsonObject map && map.Count > 0)
        {
            string name = map.ElementAt(dice.Next(map.Count)).Key;
            JsonNode? old = map[name];
            switch (dice.Next(5))
            {
                case 0:
                    map.Remove(name);
                    break;
                case 1:
                    map.Remove(name);
                    map[name + (char)dice.Next('a', 'z')] = old;
                    break;
                case 2:
                    map[name + "2"] = old?.DeepClone();
                    break;
                default:
                    map[name] = Value(old);
                    break;
            }
        }
        else if (holder is JsonArray list && list.Count > 0)
        {
            int at = dice.Next(list.Count);
            switch (dice.Next(4))
            {
                case 0:
                    list.RemoveAt(at);
                    break;
                case 1:
                    for (int copies = dice.Next(1, 40); copies > 0; copies--)
                        list.Add(list[at]?.DeepClone());
                    break;
                default:
                    list[at] = Value(list[at]);
                    break;
            }
        }
    }

    /// <summary>Down a random path; large maps are mostly gone past, because each of their members is like the others.</summary>
    private JsonNode Somewhere(JsonNode node)
    {
        while (dice.Next(4) != 0)
        {
            JsonNode?[] inside = node switch { JsonObject map => [.. map.Select(pair => pair.Value)], JsonArray list => [.. list], _ => [] };
            inside = [.. inside.Where(item => item is JsonObject { Count: > 0 } or JsonArray { Count: > 0 })];
            if (inside.Length == 0)
                break;
            node = inside[dice.Next(inside.Length)]!;
        }
        return node;
    }

    private JsonNode? Value(JsonNode? old) => dice.Next(12) switch
    {
        0 => Nested(dice.Next(2, 80)),
        1 => new string((char)dice.Next('!', '~'), dice.Next(1, 100_000)),
        2 when old is JsonValue value && value.TryGetValue(out int number) => number + dice.Next(-2, 3),
        3 => old?.ToJsonString(),
        _ => JsonNode.Parse(Values[dice.Next(Values.Length)]),
    };

    private static JsonNode Nested(int depth)
    {
        JsonNode inside = new JsonArray();
        for (; depth > 0; depth--)
            inside = new JsonArray(inside);
        return inside;
    }
}
