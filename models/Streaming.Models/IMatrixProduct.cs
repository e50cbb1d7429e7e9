namespace Streaming.Models;

/// <summary>Products of a matrix with itself, which is most of what comparing tokens with each other costs.</summary>
public interface IMatrixProduct
{
    /// <summary>The dot products of all rows with each other.</summary>
    /// <param name="rows">Row-major [count, width].</param>
    /// <param name="products">Row-major [count, count], filled in; symmetric.</param>
    void Gram(ReadOnlySpan<float> rows, int width, Span<float> products);
}
