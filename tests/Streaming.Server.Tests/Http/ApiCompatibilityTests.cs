using System.Text.Json;
using System.Text.Json.Nodes;
using static Streaming.Server.Tests.Http.RunningServer;

namespace Streaming.Server.Tests.Http;

/// <summary>Programs that were written for the routes under /v1 go on working: the description that is committed may only gain.</summary>
public sealed class ApiCompatibilityTests
{
    private static readonly string Committed = Golden.At("Http/openapi-v1.json");

    [Fact]
    public async Task Description_of_this_server_keeps_what_the_committed_one_promises_and_is_committed_itself()
    {
        await using RunningServer server = await StartAsync(new FakeDirectory());
        JsonNode served = await JsonAsync(await server.Client.GetAsync("/openapi/v1.json"));
        var now = new ApiPromises(served);
        var before = new ApiPromises(JsonNode.Parse(await File.ReadAllTextAsync(Committed))!);
        string[] breaches = [.. now.BreachesOf(before)];
        Assert.True(breaches.Length == 0, $"Callers of /v1 would fail; add beside what there is, or begin a /v2:\n{string.Join('\n', breaches)}");
        if (Golden.IsUpdated)
            await File.WriteAllTextAsync(Committed, served.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
        string[] additions = [.. now.AdditionsTo(Golden.IsUpdated ? now : before)];
        Assert.True(
            additions.Length == 0,
            $"The API has gained what is not promised yet. If that is meant, run this test with {Golden.Variable}=1 and commit {Path.GetFileName(Committed)}:\n{string.Join('\n', additions)}");
    }

    [Fact]
    public void BreachesOf_a_description_that_gained_are_none_and_its_additions_are_told()
    {
        JsonNode after = Described();
        after["paths"]!["/v1/streams"]!["delete"] = after["paths"]!["/v1/streams"]!["post"]!.DeepClone();
        Members(after, "StreamRequest")["sampling"]!["type"] = new JsonArray("null", "number", "string");
        Members(after, "StreamRequest")["colour"] = JsonNode.Parse("""{"type": ["null", "string"]}""");
        Members(after, "StreamDocument")["colour"] = JsonNode.Parse("""{"type": "string"}""");
        Assert.Empty(new ApiPromises(after).BreachesOf(new ApiPromises(Described())));
        string[] additions = [.. new ApiPromises(after).AdditionsTo(new ApiPromises(Described()))];
        Assert.Contains("DELETE /v1/streams", additions);
        Assert.Contains("POST /v1/streams body application/json.colour: null or string", additions);
        Assert.Contains("POST /v1/streams answers 201 application/json.colour: string", additions);
    }

    [Theory]
    [InlineData("removed: POST /v1/streams")]
    [InlineData("removed: POST /v1/streams answers 201 application/json.lag_seconds")]
    [InlineData("removed: POST /v1/streams answers 201 application/json.name is always there")]
    [InlineData("removed: POST /v1/streams body application/json.decode = \"intra\"")]
    [InlineData("changed: POST /v1/streams answers 201 application/json.name: string (now POST /v1/streams answers 201 application/json.name: integer)")]
    [InlineData("newly required: POST /v1/streams body application/json.sampling")]
    [InlineData("newly required: POST /v1/streams query dry")]
    public void BreachesOf_a_description_that_lost_or_demands_something_says_what(string breach)
    {
        JsonNode after = Described();
        JsonNode schemas = after["components"]!["schemas"]!;
        switch (breach.Split(' ', '(')[^1])
        {
            case "/v1/streams": after["paths"]!.AsObject().Remove("/v1/streams"); break;
            case "application/json.lag_seconds": Members(after, "StreamDocument").Remove("lag_seconds"); break;
            case "there": schemas["StreamDocument"]!["required"] = new JsonArray(); break;
            case "\"intra\"": schemas["DecodeMode"]!["enum"] = new JsonArray("all"); break;
            case "integer)": Members(after, "StreamDocument")["name"]!["type"] = "integer"; break;
            case "application/json.sampling": schemas["StreamRequest"]!["required"]!.AsArray().Add("sampling"); break;
            default: after["paths"]!["/v1/streams"]!["post"]!["parameters"] = JsonNode.Parse("""[{"name": "dry", "in": "query", "required": true, "schema": {"type": "boolean"}}]"""); break;
        }
        Assert.Contains(breach, new ApiPromises(after).BreachesOf(new ApiPromises(Described())));
    }

    private static JsonObject Members(JsonNode document, string schema) => document["components"]!["schemas"]![schema]!["properties"]!.AsObject();

    /// <summary>A small document of the form that the server's has.</summary>
    private static JsonNode Described() => JsonNode.Parse("""
        {
          "paths": { "/v1/streams": { "post": {
            "requestBody": { "required": true, "content": { "application/json": { "schema": { "$ref": "#/components/schemas/StreamRequest" } } } },
            "responses": { "201": { "content": { "application/json": { "schema": { "$ref": "#/components/schemas/StreamDocument" } } } } }
          } } },
          "components": { "schemas": {
            "StreamRequest": { "type": "object", "required": ["name"], "properties": {
              "name": { "type": "string" }, "sampling": { "type": ["null", "number"] },
              "decode": { "oneOf": [{ "type": "null" }, { "$ref": "#/components/schemas/DecodeMode" }] } } },
            "DecodeMode": { "enum": ["all", "intra"] },
            "StreamDocument": { "type": "object", "required": ["name"], "properties": {
              "name": { "type": "string" }, "lag_seconds": { "type": ["null", "number"] }, "parts": { "type": "array", "items": { "$ref": "#/components/schemas/StreamDocument" } } } }
          } }
        }
        """)!;
}
