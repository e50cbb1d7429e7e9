using System.Text;

namespace Streaming.Models;

/// <summary>Turns tokens into text one by one; a character whose bytes come in several tokens appears with the last of them.</summary>
public sealed class TokenTextStream(Tokenizer tokenizer)
{
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();

    /// <summary>The text that this token completes; may be empty.</summary>
    public string Append(int id) => Read(tokenizer.BytesOf(id), flush: false);

    /// <summary>What is left: U+FFFD for an unfinished character, else nothing.</summary>
    public string Flush() => Read([], flush: true);

    private string Read(ReadOnlySpan<byte> bytes, bool flush)
    {
        Span<char> chars = stackalloc char[256];
        int length = _decoder.GetCharCount(bytes, flush);
        if (length == 0 && !flush && bytes.IsEmpty)
            return "";
        if (length > chars.Length)
            chars = new char[length];
        return new string(chars[.._decoder.GetChars(bytes, chars, flush)]);
    }
}
