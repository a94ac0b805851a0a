/** Sends what waits, in order, one at a time, until the server has it or says no. */
import { Refused, Unreachable } from '@/shared/problem'

import type { Device, Session } from './device'
import { nextUp, type HandedIn, type SheetIn, type SheetOut } from './sheets'

export type Send = (sheet: SheetIn, session: Session) => Promise<SheetOut>
export type Outcome = 'empty' | 'later' | 'ended'

interface Ears {
  accepted(sent: HandedIn, taken: SheetOut): void
  refused(sent: HandedIn): void
}

const FIRST_WAIT = 2_000
const LONGEST_WAIT = 30_000

/** Send until nothing is left to send. `later`: nobody answers; `ended`: the session needs a new link. */
export async function sendAll(device: Device, session: Session, send: Send, ears: Ears): Promise<Outcome> {
  for (;;) {
    const next = nextUp(await device.queue(session.account))
    if (!next) return 'empty'
    try {
      const taken = await send({ ...next.sheet, sent_at: new Date().toISOString() }, session)
      await device.accept(next, taken)
      ears.accepted(next, taken)
    } catch (failure) {
      if (failure instanceof Unreachable) return 'later'
      if (!(failure instanceof Refused)) throw failure
      if (failure.status === 401) return 'ended'
      if (failure.status === 429) return 'later'
      const refused = { ...next, refusal: failure.problem }
      await device.keepInQueue(refused)
      ears.refused(refused)
    }
  }
}

/** Runs `round` now, again when `wake` is called, and by itself while it says `later`. */
export class Patience {
  private timer: ReturnType<typeof setTimeout> | undefined
  private wait = FIRST_WAIT
  private running = false
  private again = false

  constructor(private readonly round: () => Promise<Outcome>) {}

  wake(): void {
    this.wait = FIRST_WAIT
    void this.run()
  }

  stop(): void {
    clearTimeout(this.timer)
    this.again = false
  }

  private async run(): Promise<void> {
    clearTimeout(this.timer)
    if (this.running) {
      this.again = true
      return
    }
    this.running = true
    let outcome: Outcome = 'later'
    try {
      outcome = await this.round()
    } finally {
      this.running = false
      if (this.again) {
        this.again = false
        void this.run()
      } else if (outcome === 'later') {
        this.timer = setTimeout(() => void this.run(), this.wait)
        this.wait = Math.min(this.wait * 2, LONGEST_WAIT)
      }
    }
  }
}
