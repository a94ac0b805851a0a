/** The other judges of this tablet: what they handed in goes up while somebody else has it, or nobody. */
import { shallowRef, type Ref } from 'vue'

import type { Device, Session } from './device'
import { batteryOf, Reports } from './reporting'
import { reportUse, sendSheet } from './server'
import { sendAll } from './uploader'

const SILENT = { accepted: () => undefined, refused: () => undefined }

export function useColleagues(device: () => Device, clockAhead: Ref<number>) {
  const others = shallowRef<Session[]>([])
  /** How many sheets each account's queue still holds. */
  const owing = shallowRef<Readonly<Record<string, number>>>({})
  const reports = new Reports()

  async function look(current: string | undefined): Promise<void> {
    others.value = (await device().sessions()).filter((each) => each.account !== current)
    const counted = others.value.map(async ({ account }) => [account, (await device().queue(account)).length] as const)
    owing.value = Object.fromEntries(await Promise.all(counted))
  }

  /** Send for the others, and tell the control room of everybody who has a session here. */
  async function send(present: Session | null): Promise<void> {
    for (const other of others.value.filter((each) => !each.ended)) {
      const outcome = owing.value[other.account] ? await sendAll(device(), other, sendSheet, SILENT) : 'empty'
      if (outcome === 'later') return
      if (outcome === 'ended') await device().keepSession({ ...other, ended: true })
      else await report(other)
    }
    if (present) await report(present)
    await look(present?.account ?? (await device().current())?.account)
  }

  async function report(session: Session): Promise<void> {
    const queue = await device().queue(session.account)
    const refused = queue.filter((each) => each.refusal).length
    const state = {
      unsent: queue.length - refused,
      refused,
      clock_ahead_ms: Math.round(clockAhead.value),
      works_offline: !!navigator.serviceWorker?.controller,
      ...(await batteryOf(navigator)),
    }
    if (!reports.isDue(session.account, state, Date.now())) return
    // A report that does not arrive is no trouble of the judge's: the next round brings another.
    const told = await reportUse(session, state).then(() => true, () => false)
    if (told) reports.done(session.account, state, Date.now())
  }

  return { others, owing, look, send }
}
