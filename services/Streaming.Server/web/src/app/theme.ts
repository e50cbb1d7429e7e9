// Light or dark: as the system has it, unless the reader chose.

export type Theme = 'system' | 'light' | 'dark';

const key = 'streaming.theme';

export const theme = (): Theme => (localStorage.getItem(key) as Theme | null) ?? 'system';

export function applyTheme(chosen?: Theme): void {
  if (chosen)
    localStorage.setItem(key, chosen);
  document.documentElement.dataset.theme = theme();
}
