using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Streaming.Models.Unicode;

/// <summary>
/// Unicode normalisation form C (Unicode Standard Annex 15), from tables of its own: without ICU .NET leaves text as it is.
/// </summary>
internal static class UnicodeNfc
{
    /// <summary>Below it no character combines or decomposes into something else under form C.</summary>
    private const char FirstCombining = '\u0300';

    /// <summary>Hangul syllables follow from arithmetic (Unicode Standard, 3.12).</summary>
    private const int SyllableBase = 0xAC00, LeadBase = 0x1100, VowelBase = 0x1161, TrailBase = 0x11A7;
    private const int Leads = 19, Vowels = 21, Trails = 28, Syllables = Leads * Vowels * Trails;

    private static readonly Lazy<NfcTables> Tables = new(NfcTables.Read);

    public static string Normalise(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange(FirstCombining, char.MaxValue))
            return text;
        var codes = new List<int>(text.Length);
        foreach (var rune in text.EnumerateRunes())
            Decompose(rune.Value, codes);
        Order(CollectionsMarshal.AsSpan(codes));
        return Compose(codes);
    }

    private static void Decompose(int code, List<int> codes)
    {
        int syllable = code - SyllableBase;
        if (syllable is >= 0 and < Syllables)
        {
            codes.Add(LeadBase + (syllable / (Vowels * Trails)));
            codes.Add(VowelBase + (syllable % (Vowels * Trails) / Trails));
            if (syllable % Trails > 0)
                codes.Add(TrailBase + (syllable % Trails));
        }
        else if (Tables.Value.Decompositions.TryGetValue(code, out int[]? parts))
            foreach (int part in parts)
                Decompose(part, codes);
        else
            codes.Add(code);
    }

    /// <summary>Sorts each run of combining marks by class; equal classes keep their order.</summary>
    private static void Order(Span<int> codes)
    {
        for (int i = 1; i < codes.Length; i++)
        {
            int mark = Tables.Value.ClassOf(codes[i]);
            for (int j = i; mark > 0 && j > 0 && Tables.Value.ClassOf(codes[j - 1]) > mark; j--)
                (codes[j - 1], codes[j]) = (codes[j], codes[j - 1]);
        }
    }

    /// <summary>Joins each starter with the later characters that nothing blocks.</summary>
    private static string Compose(List<int> codes)
    {
        var composed = new List<int>(codes.Count);
        int starter = -1, lastClass = 0;
        foreach (int code in codes)
        {
            int mark = Tables.Value.ClassOf(code);
            bool adjacent = starter == composed.Count - 1;
            if (starter >= 0 && (adjacent || lastClass < mark) && Join(composed[starter], code) is { } joined)
            {
                composed[starter] = joined;
                continue;
            }
            if (mark == 0)
                starter = composed.Count;
            lastClass = mark;
            composed.Add(code);
        }
        var text = new StringBuilder(composed.Count);
        foreach (int code in composed)
            text.Append(new Rune(code).ToString());
        return text.ToString();
    }

    private static int? Join(int first, int second)
    {
        if (first - LeadBase is >= 0 and < Leads && second - VowelBase is >= 0 and < Vowels)
            return SyllableBase + ((((first - LeadBase) * Vowels) + second - VowelBase) * Trails);
        if (first - SyllableBase is >= 0 and < Syllables && (first - SyllableBase) % Trails == 0 && second - TrailBase is > 0 and < Trails)
            return first + second - TrailBase;
        return Tables.Value.Compositions.TryGetValue((first, second), out int joined) ? joined : null;
    }

    /// <summary>The content of nfc.txt.</summary>
    private sealed record NfcTables(
        Dictionary<int, int[]> Decompositions, Dictionary<(int, int), int> Compositions, Dictionary<int, int> Classes)
    {
        public int ClassOf(int code) => code < FirstCombining ? 0 : Classes.GetValueOrDefault(code);

        public static NfcTables Read()
        {
            var tables = new NfcTables([], [], []);
            using var stream = typeof(UnicodeNfc).Assembly.GetManifestResourceStream("nfc.txt")!;
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
                tables.Add(line);
            return tables;
        }

        private void Add(string line)
        {
            if (line[0] == '#')
                return;
            int[] numbers = [.. line.TrimStart(':').Replace("!", "", StringComparison.Ordinal).Split(' ')
                .Select(number => int.Parse(number, NumberStyles.HexNumber, CultureInfo.InvariantCulture))];
            if (line[0] == ':')
            {
                for (int code = numbers[0]; code <= numbers[1]; code++)
                    Classes[code] = numbers[2];
                return;
            }
            Decompositions[numbers[0]] = numbers[1..];
            if (numbers.Length == 3 && !line.Contains('!'))
                Compositions[(numbers[1], numbers[2])] = numbers[0];
        }
    }
}
