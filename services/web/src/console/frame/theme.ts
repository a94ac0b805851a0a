/** Light or dark: as the reader chose on this device, else as the device is set. */
import { ref } from 'vue'

export type Theme = 'light' | 'dark'

const KEPT = 'leitai.theme'
export const theme = ref<Theme>(preferred())

function preferred(): Theme {
  const kept = localStorage.getItem(KEPT)
  if (kept === 'light' || kept === 'dark') return kept
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
}

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value
  document.documentElement.classList.toggle('dark', theme.value === 'dark')
}

export function changeTheme(): void {
  theme.value = theme.value === 'dark' ? 'light' : 'dark'
  localStorage.setItem(KEPT, theme.value)
  applyTheme()
}
