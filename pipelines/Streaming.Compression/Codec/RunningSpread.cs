namespace Streaming.Compression.Codec;

/// <summary>Median and median absolute deviation of the newest values.</summary>
/// <param name="capacity">How many values count.</param>
/// <param name="least">The least deviation that is told apart: values this close are alike however close all are.</param>
internal sealed class RunningSpread(int capacity, double least)
{
    /// <summary>Of a normal distribution's standard deviation to its median absolute deviation.</summary>
    private const double Normal = 1.4826;

    private readonly double[] _values = new double[capacity], _sorted = new double[capacity];
    private int _next;

    public int Count { get; private set; }

    public void Add(double value)
    {
        _values[_next] = value;
        _next = (_next + 1) % capacity;
        Count = Math.Min(Count + 1, capacity);
    }

    public void Clear() => Count = _next = 0;

    /// <summary>Of the values so far; at least one.</summary>
    public double Median()
    {
        _values.AsSpan(0, Count).CopyTo(_sorted);
        return Middle();
    }

    /// <summary>How far a value lies above the median, in deviations.</summary>
    public double DeviationsOf(double value)
    {
        double median = Median();
        for (int i = 0; i < Count; i++)
            _sorted[i] = Math.Abs(_values[i] - median);
        return (value - median) / (Normal * Middle() + least);
    }

    private double Middle()
    {
        Span<double> sorted = _sorted.AsSpan(0, Count);
        sorted.Sort();
        return (sorted[(Count - 1) / 2] + sorted[Count / 2]) / 2;
    }
}
