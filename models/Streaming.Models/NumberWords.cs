namespace Streaming.Models;

/// <summary>Whole numbers in English words, as Python's num2words writes them: "one thousand, two hundred and thirty-four".</summary>
internal static class NumberWords
{
    private static readonly string[] Small =
    [
        "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen",
        "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
    ];

    private static readonly string[] Tens = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

    private static readonly (int Size, string Name)[] Groups = [(1_000_000_000, "billion"), (1_000_000, "million"), (1_000, "thousand")];

    /// <param name="number">Not negative.</param>
    public static string Of(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        foreach (var (size, name) in Groups)
            if (number >= size)
                return $"{Of(number / size)} {name}{Rest(number % size)}";
        return BelowThousand(number);
    }

    private static string Rest(int rest) => rest switch
    {
        0 => "",
        < 100 => $" and {BelowThousand(rest)}",
        _ => $", {Of(rest)}",
    };

    private static string BelowThousand(int number) => number switch
    {
        < 20 => Small[number],
        < 100 => Tens[number / 10] + (number % 10 == 0 ? "" : $"-{Small[number % 10]}"),
        _ => $"{Small[number / 100]} hundred{(number % 100 == 0 ? "" : $" and {BelowThousand(number % 100)}")}",
    };
}
