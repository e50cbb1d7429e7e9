using Streaming.Contracts;
using Streaming.Server.Streams;

namespace Streaming.Server.Tests;

public sealed class StreamRulesTests
{
    private const string Camera = "rtsp://user:secret@10.0.0.7:554/cam?channel=1";

    [Theory]
    [InlineData("gate")]
    [InlineData("Gate-2.left_side")]
    [InlineData("7")]
    public void Refuse_usual_name_is_taken(string name) => Assert.Null(StreamRules.Refuse(new StreamRequest(name, Camera)));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData(".hidden")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("gäte")]
    [InlineData("gate\n")]
    [InlineData("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    public void Refuse_name_that_cannot_be_a_path_segment_is_invalid(string? name) =>
        Assert.Contains("name", StreamRules.Refuse(new StreamRequest(name, Camera))!.Detail);

    [Theory]
    [InlineData("rtsp://camera/stream1")]
    [InlineData("RTSPS://camera.example:322/")]
    [InlineData("rtsp://user:p@ss:w@10.0.0.7/cam")]
    [InlineData("rtsp://[fe80::1]:554/cam")]
    public void Refuse_camera_address_is_taken(string url) => Assert.Null(StreamRules.Refuse(new StreamRequest("gate", url)));

    [Theory]
    [InlineData("http://10.0.0.7/secret")]
    [InlineData("file:///etc/secret")]
    [InlineData("/dev/secret")]
    [InlineData("rtsp://")]
    [InlineData("rtsp:///secret")]
    [InlineData("rtsp://user:secret@/cam")]
    [InlineData("rtsp://host/a secret")]
    [InlineData("rtsp://host/secret\n")]
    [InlineData("concat:rtsp://secret")]
    public void Refuse_other_address_is_invalid_and_not_repeated(string url)
    {
        Problem problem = StreamRules.Refuse(new StreamRequest("gate", url))!;
        Assert.Equal(ProblemKind.Invalid, problem.Kind);
        Assert.StartsWith("url", problem.Detail);
        Assert.DoesNotContain("secret", problem.Detail);
    }

    [Fact]
    public void Refuse_needs_exactly_one_source()
    {
        Assert.Contains("url or file", StreamRules.Refuse(new StreamRequest("gate"))!.Detail);
        Assert.Contains("exclude", StreamRules.Refuse(new StreamRequest("gate", Camera, "id"))!.Detail);
        Assert.Contains("sub_url", StreamRules.Refuse(new StreamRequest("gate", null, "id", Camera))!.Detail);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(5.1)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void Refuse_sampling_out_of_range_is_invalid(double sampling) =>
        Assert.Contains("sampling", StreamRules.Refuse(new StreamRequest("gate", Camera, Sampling: sampling))!.Detail);

    [Theory]
    [InlineData("UTC", true)]
    [InlineData("Europe/Berlin", true)]
    [InlineData("Mars/Olympus", false)]
    [InlineData("../../etc/passwd", false)]
    [InlineData("", false)]
    public void Refuse_time_zone_has_to_be_known(string zone, bool isTaken) =>
        Assert.Equal(isTaken, StreamRules.Refuse(new StreamRequest("gate", Camera, TimeZone: zone)) is null);

    [Theory]
    [InlineData("dtd", null, true)]
    [InlineData("holitom-causal", 0.1, true)]
    [InlineData("divprune", 1.0, true)]
    [InlineData("magic", null, false)]
    [InlineData("", null, false)]
    [InlineData("mmtok-question", null, false)]
    [InlineData("holitom", 0.0, false)]
    [InlineData("holitom", 1.1, false)]
    [InlineData("holitom", double.NaN, false)]
    public void Refuse_policy_has_to_be_known_and_its_share_a_share(string policy, double? retain, bool isTaken)
    {
        Assert.Equal(isTaken, StreamRules.Refuse(new StreamRequest("gate", Camera, Policy: policy, Retain: retain)) is null);
        Assert.Equal(isTaken, StreamRules.Refuse(new StreamPatch(Policy: policy, Retain: retain)) is null);
    }
}
