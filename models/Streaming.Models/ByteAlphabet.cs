namespace Streaming.Models;

/// <summary>GPT-2's reversible spelling of bytes: printable Latin-1 stands for itself, the other 68 bytes for U+0100 and up.</summary>
internal static class ByteAlphabet
{
    private static readonly char[] Chars = Build();
    private static readonly Dictionary<char, byte> Bytes = Chars.Select((c, value) => (c, value)).ToDictionary(p => p.c, p => (byte)p.value);

    public static char CharOf(byte value) => Chars[value];

    public static string Spell(byte[] bytes) => string.Create(bytes.Length, bytes, (text, source) =>
    {
        for (int i = 0; i < text.Length; i++)
            text[i] = Chars[source[i]];
    });

    /// <summary>The bytes that a vocabulary entry spells; null for an entry outside the alphabet, such as a special token.</summary>
    public static byte[]? BytesOf(string token)
    {
        var bytes = new byte[token.Length];
        for (int i = 0; i < bytes.Length; i++)
            if (!Bytes.TryGetValue(token[i], out bytes[i]))
                return null;
        return bytes;
    }

    private static char[] Build()
    {
        var chars = new char[256];
        int next = 256;
        for (int value = 0; value < 256; value++)
            chars[value] = value is (>= '!' and <= '~') or (>= 0xA1 and <= 0xAC) or >= 0xAE ? (char)value : (char)next++;
        return chars;
    }
}
