namespace Streaming.Models.Tests;

public sealed class SamplerTests
{
    [Theory]
    [InlineData(new[] { 1f, 3f, 3f, 2f }, 1)]
    [InlineData(new[] { -5f }, 0)]
    [InlineData(new[] { -5f, -4f, float.NegativeInfinity }, 1)]
    [InlineData(new[] { -0f, 0f }, 0)]
    public void Greedy_of_equal_logits_takes_the_first(float[] logits, int expected) => Assert.Equal(expected, Sampler.Greedy(logits));
}
