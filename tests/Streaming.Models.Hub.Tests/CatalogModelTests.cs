using Streaming.Models.Families;

namespace Streaming.Models.Hub.Tests;

public sealed class CatalogModelTests
{
    [Fact]
    public void All_name_families_that_can_be_loaded_and_a_dtype_that_they_have() => Assert.All(CatalogModel.All, model =>
    {
        Assert.NotNull(ModelFamily.Parse($$"""{"model_type": "{{model.Family}}"}"""));
        Assert.True(model.Megabytes.ContainsKey(model.Dtype), model.Name);
        Assert.Matches(@"^[\w.-]+/[\w.-]+$", model.Repository);
        Assert.Matches(@"^[a-z0-9.-]+$", model.Name);
        Assert.InRange(model.TokensPerFrame, 1, 4096);
    });

    [Fact]
    public void All_have_names_of_their_own() => Assert.Equal(CatalogModel.All.Count, CatalogModel.All.DistinctBy(model => model.Name).Count());

    [Fact]
    public void MemoryBytes_counts_graphs_cache_and_the_rest()
    {
        var model = CatalogModel.All.Single(model => model.Name == "smolvlm2-256m");
        Assert.Equal((1029 * 1_000_000L) + (23_040 * 2048 * 2) + 310_000_000, model.MemoryBytes("fp32"));
        Assert.Equal((189 * 1_000_000L) + (23_040 * 2048) + 310_000_000, model.MemoryBytes("q4f16"));
    }

    [Theory]
    [InlineData("apache-2.0", true)]
    [InlineData("MIT", true)]
    [InlineData("cc-by-nc-4.0", false)]
    [InlineData("apple-amlr", false)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void Licences_allow_commercial_use_only_where_that_is_known(string? licence, bool allows) =>
        Assert.Equal(allows, Licences.AllowCommercialUse(licence));

    [Fact]
    public void All_but_those_for_research_have_a_licence_for_everybody() =>
        Assert.Equal(["fastvlm-0.5b"], CatalogModel.All.Where(model => !Licences.AllowCommercialUse(model.Licence)).Select(model => model.Name));
}
