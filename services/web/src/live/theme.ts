/** Light or dark, as the reader's system wants it; a big screen is told by its organiser. */
type Theme = 'light' | 'dark'

const dark = matchMedia('(prefers-color-scheme: dark)')

export function followSystemTheme(): void {
  const follow = (): void => applyTheme(dark.matches ? 'dark' : 'light')
  follow()
  dark.addEventListener('change', follow)
}

export function applyTheme(theme: Theme): void {
  document.documentElement.dataset.theme = theme
}
