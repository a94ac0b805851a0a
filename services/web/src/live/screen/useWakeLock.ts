import { onScopeDispose } from 'vue'

/** Keeps the screen from going dark, where the browser can (HTTPS). */
export function useWakeLock(): void {
  async function keep(): Promise<void> {
    if (!document.hidden) await navigator.wakeLock?.request('screen').catch(() => undefined)
  }
  void keep()
  document.addEventListener('visibilitychange', keep)
  onScopeDispose(() => document.removeEventListener('visibilitychange', keep))
}
