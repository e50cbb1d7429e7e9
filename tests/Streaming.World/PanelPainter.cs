namespace Streaming.World;

/// <summary>Paints a panel: a board with a frame and three characters of a 5 x 7 font at twice its size.</summary>
public static class PanelPainter
{
    private const int Scale = 2;

    // Seven rows of five bits, the top row first, the left pixel highest.
    private static readonly Dictionary<char, byte[]> Font = new()
    {
        ['A'] = [14, 17, 17, 31, 17, 17, 17],
        ['B'] = [30, 17, 17, 30, 17, 17, 30],
        ['C'] = [14, 17, 16, 16, 16, 17, 14],
        ['D'] = [30, 17, 17, 17, 17, 17, 30],
        ['E'] = [31, 16, 16, 30, 16, 16, 31],
        ['F'] = [31, 16, 16, 30, 16, 16, 16],
        ['G'] = [14, 17, 16, 23, 17, 17, 15],
        ['H'] = [17, 17, 17, 31, 17, 17, 17],
        ['J'] = [7, 2, 2, 2, 2, 18, 12],
        ['K'] = [17, 18, 20, 24, 20, 18, 17],
        ['L'] = [16, 16, 16, 16, 16, 16, 31],
        ['M'] = [17, 27, 21, 21, 17, 17, 17],
        ['N'] = [17, 25, 21, 21, 19, 17, 17],
        ['P'] = [30, 17, 17, 30, 16, 16, 16],
        ['R'] = [30, 17, 17, 30, 20, 18, 17],
        ['S'] = [15, 16, 16, 14, 1, 1, 30],
        ['T'] = [31, 4, 4, 4, 4, 4, 4],
        ['U'] = [17, 17, 17, 17, 17, 17, 14],
        ['V'] = [17, 17, 17, 17, 17, 10, 4],
        ['W'] = [17, 17, 17, 21, 21, 27, 17],
        ['X'] = [17, 17, 10, 4, 10, 17, 17],
        ['Y'] = [17, 17, 10, 4, 4, 4, 4],
        ['Z'] = [31, 1, 2, 4, 8, 16, 31],
        ['2'] = [14, 17, 1, 6, 8, 16, 31],
        ['3'] = [31, 2, 4, 6, 1, 17, 14],
        ['4'] = [2, 6, 10, 18, 31, 2, 2],
        ['5'] = [31, 16, 30, 1, 1, 17, 14],
        ['6'] = [6, 8, 16, 30, 17, 17, 14],
        ['7'] = [31, 1, 2, 4, 8, 8, 8],
        ['8'] = [14, 17, 17, 14, 17, 17, 14],
        ['9'] = [14, 17, 17, 15, 1, 2, 12],
    };

    /// <param name="picture">RGB in grey levels, [Side, width, 3].</param>
    public static void Paint(Panel panel, float[] picture, int width, int left)
    {
        (float board, float ink) = panel.DarkOnLight ? (205f, 25f) : (25f, 215f);
        Fill(picture, width, left + panel.X, panel.Y, Panel.Width, Panel.Height, ink);
        Fill(picture, width, left + panel.X + 1, panel.Y + 1, Panel.Width - 2, Panel.Height - 2, board);
        for (int i = 0; i < panel.Text.Length; i++)
            PaintCharacter(panel, i, picture, width, left, ink);
    }

    /// <summary>The middle of character <paramref name="i"/>, in pixels of the picture.</summary>
    public static (int X, int Y) Centre(Panel panel, int i) => (panel.X + 4 + i * Panel.Pitch + Panel.Pitch / 2, panel.Y + Panel.Height / 2);

    private static void PaintCharacter(Panel panel, int i, float[] picture, int width, int left, float ink)
    {
        (int x, int y) = Centre(panel, i);
        byte[] rows = Font[panel.Text[i]];
        for (int row = 0; row < 7; row++)
        {
            for (int column = 0; column < 5; column++)
            {
                if ((rows[row] >> (4 - column) & 1) == 1)
                    Fill(picture, width, left + x - 5 + column * Scale, y - 7 + row * Scale, Scale, Scale, ink);
            }
        }
    }

    private static void Fill(float[] picture, int width, int x, int y, int w, int h, float value)
    {
        for (int row = y; row < y + h; row++)
            picture.AsSpan((row * width + x) * 3, w * 3).Fill(value);
    }
}
