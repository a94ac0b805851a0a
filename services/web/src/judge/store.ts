/** The judge at this tablet: who, which board, what is kept here and what the server has. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

import { newId } from '@/shared/ids'
import { Refused, Unreachable } from '@/shared/problem'

import { formsOf, type Desk } from './form/layout'
import { useColleagues } from './keeping/colleagues'
import type { Device, Session } from './keeping/device'
import { exchange, readDesk, sendSheet } from './keeping/server'
import { baseOf, keyOf, remarkOf, roundOf, standingOf, withAccepted, type Draft, type HandedIn, type Marks, type Slot } from './keeping/sheets'
import { Patience, sendAll, type Outcome } from './keeping/uploader'
import { useWriting } from './keeping/writing'
import { fingerprintOfLink } from './signing'

export type Phase = 'starting' | 'unable' | 'nobody' | 'boards' | 'marking'
const EVERY = 15_000

export const useJudge = defineStore('judge', () => {
  const phase = shallowRef<Phase>('starting')
  const failure = shallowRef<unknown>(null)
  const session = shallowRef<Session | null>(null)
  const desk = shallowRef<Desk | null>(null)
  /** When the server last told this device of the board. */
  const readAt = shallowRef('')
  const drafts = shallowRef<readonly Draft[]>([])
  const queue = shallowRef<readonly HandedIn[]>([])
  const online = shallowRef(true)
  const clockAhead = shallowRef(0)

  const forms = computed(() => (desk.value ? formsOf(desk.value) : []))
  const refused = computed(() => queue.value.filter((each) => each.refusal))
  const unsent = computed(() => queue.value.length - refused.value.length)

  let device: Device
  let timer: ReturnType<typeof setInterval> | undefined
  const patience = new Patience(synchronise)
  const writing = useWriting()
  const colleagues = useColleagues(() => device, clockAhead)

  /** Open what the device keeps; with a link's secret, become its judge. */
  async function start(kept: Device, secret: string): Promise<void> {
    device = kept
    if (secret) await arrive(secret)
    await resume()
    window.addEventListener('online', () => patience.wake())
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && patience.wake())
  }

  /** The browser keeps nothing for this page: a link stays unspent, for a browser that does. */
  function refuse(problem: unknown): void {
    failure.value = problem
    phase.value = 'unable'
  }

  /** A colleague's link was scanned while the page was open. */
  async function enterBy(secret: string): Promise<void> {
    patience.stop()
    failure.value = null
    await writing.quiet()
    await arrive(secret)
    desk.value = null
    await resume()
  }

  async function arrive(secret: string): Promise<void> {
    const link = fingerprintOfLink(secret)
    const known = await device.sessions()
    try {
      const made = await exchange(secret, await device.id())
      const before = known.find((each) => each.account === made.account)
      await device.enter({ ...made, pin: before?.pin ?? '', links: [...new Set([...(before?.links ?? []), link])] })
      void navigator.storage?.persist?.()
    } catch (problem) {
      // Without a network the code still says whose session of this device it opened before.
      const mine = problem instanceof Unreachable ? known.find((each) => each.links?.includes(link)) : undefined
      if (mine) return device.enter(mine)
      failure.value = problem
      await device.leave()
    }
  }

  async function resume(): Promise<void> {
    clearInterval(timer)
    timer = setInterval(() => document.visibilityState === 'visible' && patience.wake(), EVERY)
    const current = await device.current()
    session.value = current ?? null
    await colleagues.look(current?.account)
    if (!current) {
      phase.value = 'nobody'
      patience.wake()
      return
    }
    drafts.value = await device.drafts(current.account)
    queue.value = await device.queue(current.account)
    const [only, ...more] = current.boards
    if (only !== undefined && !more.length) await open(only)
    else phase.value = 'boards'
  }

  async function open(board: string): Promise<void> {
    const judge = session.value
    if (!judge) return
    failure.value = null
    const kept = await device.desk(judge.account, board)
    desk.value = kept?.desk ?? null
    readAt.value = kept?.readAt ?? ''
    try {
      if (!desk.value) await refresh(judge, board)
    } catch (problem) {
      await notice(judge, problem)
      failure.value = problem
    }
    phase.value = 'marking'
    patience.wake()
  }

  async function refresh(judge: Session, board: string): Promise<void> {
    const asked = Date.now()
    const read = await readDesk(judge, board)
    clockAhead.value = (asked + Date.now()) / 2 - Date.parse(read.server_time)
    if (session.value?.account !== judge.account) return
    desk.value = read
    readAt.value = new Date().toISOString()
    failure.value = null
    await writing.keep(`desk\t${board}`, async () => void (await device.keepDesk(judge.account, read)))
  }

  /** Write what could not be written, send what waits, then look what changed. */
  async function synchronise(): Promise<Outcome> {
    await writing.settle()
    const judge = session.value
    const board = desk.value?.board.id ?? judge?.boards[0]
    const outcome = judge && !judge.ended && board !== undefined ? await exchangeNews(judge, board) : 'empty'
    if (outcome !== 'later') await colleagues.send(outcome === 'empty' ? judge : null)
    return outcome
  }

  async function exchangeNews(judge: Session, board: string): Promise<Outcome> {
    const outcome = await sendAll(device, judge, sendSheet, { accepted: whenAccepted, refused: whenRefused })
    try {
      if (outcome === 'ended') throw new Refused({ type: 'not-signed-in', title: '', status: 401 })
      if (outcome === 'empty') await refresh(judge, board)
      online.value = outcome === 'empty'
      return outcome
    } catch (problem) {
      return notice(judge, problem)
    }
  }

  async function notice(judge: Session, problem: unknown): Promise<Outcome> {
    online.value = !(problem instanceof Unreachable)
    if (!(problem instanceof Refused) || problem.status !== 401) return online.value ? 'empty' : 'later'
    const ended = { ...judge, ended: true }
    await device.keepSession(ended)
    if (session.value?.account === judge.account) session.value = ended
    return 'ended'
  }

  function whenAccepted(sent: HandedIn, taken: Parameters<typeof withAccepted>[1]): void {
    queue.value = queue.value.filter((each) => each.id !== sent.id)
    if (desk.value?.board.id === taken.board) desk.value = withAccepted(desk.value, taken)
  }

  function whenRefused(sent: HandedIn): void {
    queue.value = queue.value.map((each) => (each.id === sent.id ? sent : each))
  }

  function draftOf(slot: Slot): Draft | undefined {
    const key = keyOf(slot)
    return drafts.value.find((each) => each.key === key)
  }

  async function keepDraft(slot: Slot, change: { marks: Marks; notes: Record<string, string> }, base?: number): Promise<void> {
    if (!desk.value) return
    const before = draftOf(slot)
    const draft: Draft = {
      ...slot,
      ...change,
      key: keyOf(slot),
      base: base ?? before?.base ?? baseOf(desk.value, slot, queue.value),
      changedAt: new Date().toISOString(),
    }
    drafts.value = [...drafts.value.filter((each) => each.key !== draft.key), draft]
    await writing.keep(draft.key, () => device.keepDraft(draft))
  }

  async function dropDraft(slot: Slot): Promise<void> {
    const key = keyOf(slot)
    drafts.value = drafts.value.filter((each) => each.key !== key)
    await writing.keep(key, () => device.dropDraft(key))
  }

  /** The sheet is on its way once this device has it on disk. False where it could not be written: it stays a draft. */
  async function handIn(slot: Slot, marks: Marks, notes: Record<string, string>, base: number): Promise<boolean> {
    if (!desk.value) return false
    const { board, entry, stage, attempt } = slot
    const [id, key] = [newId(), keyOf(slot)]
    const round = roundOf(desk.value, slot, queue.value)
    const sheet = { id, board, entry, stage, attempt, round, marks, notes, base, marked_at: new Date().toISOString() }
    const written = await writing.finish(key, () => device.handIn({ ...slot, id, key, sheet, refusal: null }))
    if (!written) return false
    queue.value = await device.queue(slot.account)
    drafts.value = drafts.value.filter((each) => each.key !== key)
    patience.wake()
    return true
  }

  /** Send a refused sheet once more as it is: what stood in its way may be gone. */
  async function sendAgain(sheet: HandedIn): Promise<void> {
    await writing.finish(sheet.key, () => device.keepInQueue({ ...sheet, refusal: null }))
    queue.value = await device.queue(sheet.account)
    patience.wake()
  }

  async function drop(sheet: HandedIn): Promise<void> {
    await writing.finish(sheet.key, () => device.dropFromQueue(sheet.id))
    queue.value = await device.queue(sheet.account)
  }

  async function setPin(pin: string): Promise<void> {
    if (!session.value) return
    session.value = { ...session.value, pin }
    await device.keepSession(session.value)
  }

  /** Give the tablet to a colleague, or to nobody; everything of this judge stays and waits. */
  async function hand(to: Session | null): Promise<void> {
    patience.stop()
    await writing.quiet()
    if (to) await device.enter(to)
    else await device.leave()
    desk.value = null
    failure.value = null
    await resume()
  }

  const standing = (slot: Slot) =>
    desk.value ? standingOf(desk.value, slot, draftOf(slot), queue.value) : ('open' as const)
  const remark = (slot: Slot) => (desk.value ? remarkOf(desk.value, slot) : undefined)

  return {
    phase, failure, session, desk, readAt, drafts, queue, online, clockAhead, forms, refused, unsent,
    others: colleagues.others, owing: colleagues.owing, saving: writing.saving, unsaved: writing.failure,
    start, refuse, enterBy, open, resume, draftOf, keepDraft, dropDraft, handIn, sendAgain, drop, setPin, hand, standing, remark,
    wake: () => patience.wake(),
    device: () => device,
  }
})
