using System.Text;

namespace Streaming.Models.Tests;

/// <summary>Random texts of everything that tokenizers treat in a way of its own.</summary>
internal static class FuzzText
{
    private static readonly string[] Pieces =
    [
        "the", "red", "circle", " blue", "Square", "THINGS", "'s", "'LL", "don't", "we're", "x", " ", "  ", "   ", "\n", "\n\n", "\r\n", "\t",
        "\u00A0", "\u3000", "\u2009", "0", "7", "12", "2026", "3.14", "½", "²", "Ⅷ", "٣", "一", "三つ", "です", "한국", "\u1112\u1161\u11AB", "é",
        "e\u0301", "a\u0323\u0302", "a\u0302\u0323", "Å", "\u212B", "ﬁ", "ß", "naïve", "Ωμέγα", "привет", "שלום", "नमस्ते", "\u0958", "😀", "👩‍👩‍👧", "🇩🇪", "𝒜bc",
        "𝟗", "𠮷", "\u0344", ".", ",", "!?", "...", "(", ")]", "\"", "$5", "#", "_", "a_b", "--", "://", "<", ">", "<|im_start|>", "<|im_end|>",
        "<image>", "<|endoftext|>", "<|im_", "im_end|>", "<imag", "e>", "<<image>>", "<fake_token_around_image>", "<global-img>", "<end_of_utterance>", "<end_of_", "\u200D", "\u0000", "\u007F", "\uFFFD",
    ];

    public static string[] Texts(int seed, int count)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => Text(random))];
    }

    public static string Text(Random random)
    {
        var text = new StringBuilder();
        for (int i = random.Next(12); i >= 0; i--)
            text.Append(Pieces[random.Next(Pieces.Length)]);
        return text.ToString();
    }
}
