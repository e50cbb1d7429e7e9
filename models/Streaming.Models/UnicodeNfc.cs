using System.Text;

namespace Streaming.Models;

/// <summary>Unicode normalisation form C.</summary>
internal static class UnicodeNfc
{
    public static string Normalise(string text) => text.Normalize(NormalizationForm.FormC);
}
