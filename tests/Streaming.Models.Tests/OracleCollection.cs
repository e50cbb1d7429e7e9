using Streaming.Oracle;

namespace Streaming.Models.Tests;

/// <summary>The tests that share one Node process.</summary>
[CollectionDefinition("oracle")]
public sealed class OracleCollection : ICollectionFixture<TransformersJs>;
