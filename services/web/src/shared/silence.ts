/** A server's streams say something every few seconds. A line without a network stays open, and says nothing. */

const LONGEST = 40_000
const LOOK = 5_000

export interface Silence {
  /** Something came. */
  hear(): void
  /** When something came last. */
  since(): string
  stop(): void
}

/** Call `dead` when nothing came for too long, and as soon as the device itself knows that it has no network. */
export function watchSilence(dead: () => void): Silence {
  let heard = Date.now()
  let told = heard

  const timer = setInterval(() => {
    if (Date.now() - Math.max(heard, told) > LONGEST) tell()
  }, LOOK)

  function tell(): void {
    told = Date.now()
    dead()
  }

  addEventListener('offline', tell)
  return {
    hear: () => void (heard = Date.now()),
    since: () => new Date(heard).toISOString(),
    stop: () => {
      clearInterval(timer)
      removeEventListener('offline', tell)
    },
  }
}
