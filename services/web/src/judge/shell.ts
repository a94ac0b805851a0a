/** The page's files on this device. A newer build waits until the judge takes it, so that none mixes with another. */
import { shallowRef } from 'vue'

/** null: not known yet. False on plain HTTP, and where the browser does not trust the certificate. */
export const opensOffline = shallowRef<boolean | null>(null)
export const newer = shallowRef<ServiceWorker | null>(null)
const OFTEN = 10 * 60_000

export async function keepShell(): Promise<void> {
  try {
    const kept = await navigator.serviceWorker.register('/judge-sw.js', { scope: '/judge' })
    opensOffline.value = true
    watchFor(kept)
  } catch {
    opensOffline.value = false
  }
}

function watchFor(kept: ServiceWorkerRegistration): void {
  const look = () => (newer.value = kept.active ? kept.waiting : null)
  kept.addEventListener('updatefound', () => kept.installing?.addEventListener('statechange', look))
  look()
  const ask = () => void kept.update().catch(() => undefined)
  setInterval(ask, OFTEN)
  window.addEventListener('online', ask)
}

export function takeNewer(): void {
  navigator.serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true })
  newer.value?.postMessage('take over')
}
