/** The judge at this tablet: who, which board, what is kept here and what the server has. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'

import { newId } from '@/shared/ids'
import { Refused, Unreachable } from '@/shared/problem'

import { formsOf, type Desk } from './form/layout'
import type { Device, Session } from './keeping/device'
import { exchange, readDesk, sendSheet } from './keeping/server'
import { baseOf, keyOf, standingOf, withAccepted, type Draft, type HandedIn, type Marks, type Slot } from './keeping/sheets'
import { Patience, sendAll, type Outcome } from './keeping/uploader'

export type Phase = 'starting' | 'nobody' | 'boards' | 'marking'
const EVERY = 15_000

export const useJudge = defineStore('judge', () => {
  const phase = shallowRef<Phase>('starting')
  const failure = shallowRef<unknown>(null)
  const session = shallowRef<Session | null>(null)
  const others = shallowRef<Session[]>([])
  const desk = shallowRef<Desk | null>(null)
  const drafts = shallowRef<readonly Draft[]>([])
  const queue = shallowRef<readonly HandedIn[]>([])
  const online = shallowRef(true)
  const saving = shallowRef(0)
  const clockAhead = shallowRef(0)

  const forms = computed(() => (desk.value ? formsOf(desk.value) : []))
  const refused = computed(() => queue.value.filter((each) => each.refusal))
  const unsent = computed(() => queue.value.length - refused.value.length)

  let device: Device
  let writing: Promise<unknown> = Promise.resolve()
  let timer: ReturnType<typeof setInterval> | undefined
  const patience = new Patience(synchronise)

  /** Open what the device keeps; with a link's secret, become its judge. */
  async function start(kept: Device, secret: string): Promise<void> {
    device = kept
    if (secret) await arrive(secret)
    await resume()
    window.addEventListener('online', () => patience.wake())
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && patience.wake())
  }

  /** A colleague's link was scanned while the page was open. */
  async function enterBy(secret: string): Promise<void> {
    patience.stop()
    failure.value = null
    await writing
    await arrive(secret)
    desk.value = null
    await resume()
  }

  async function arrive(secret: string): Promise<void> {
    try {
      const made = await exchange(secret, await device.id())
      const before = (await device.sessions()).find((each) => each.account === made.account)
      await device.enter({ ...made, pin: before?.pin ?? '' })
      void navigator.storage?.persist?.()
    } catch (problem) {
      failure.value = problem
      await device.leave()
    }
  }

  async function resume(): Promise<void> {
    clearInterval(timer)
    const current = await device.current()
    session.value = current ?? null
    others.value = (await device.sessions()).filter((each) => each.account !== current?.account)
    if (!current) {
      phase.value = 'nobody'
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
    desk.value = (await device.desk(judge.account, board)) ?? null
    try {
      if (!desk.value) await refresh(judge, board)
    } catch (problem) {
      await notice(judge, problem)
      failure.value = problem
    }
    phase.value = 'marking'
    clearInterval(timer)
    timer = setInterval(() => document.visibilityState === 'visible' && patience.wake(), EVERY)
    patience.wake()
  }

  async function refresh(judge: Session, board: string): Promise<void> {
    const asked = Date.now()
    const read = await readDesk(judge, board)
    clockAhead.value = (asked + Date.now()) / 2 - Date.parse(read.server_time)
    if (session.value?.account !== judge.account) return
    await device.keepDesk(judge.account, read)
    desk.value = read
    failure.value = null
  }

  /** Send what waits, then look what changed. */
  async function synchronise(): Promise<Outcome> {
    const judge = session.value
    const board = desk.value?.board.id ?? judge?.boards[0]
    if (!judge || judge.ended || board === undefined) return 'empty'
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

  /** Writes follow one another, so that what is read back is always what was done last. */
  async function write<T>(work: () => Promise<T>): Promise<T> {
    saving.value += 1
    const mine = writing.then(work, work)
    writing = mine.catch(() => undefined)
    try {
      return await mine
    } finally {
      saving.value -= 1
    }
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
      round: before?.round ?? 1,
      changedAt: new Date().toISOString(),
    }
    drafts.value = [...drafts.value.filter((each) => each.key !== draft.key), draft]
    await write(() => device.keepDraft(draft))
  }

  async function dropDraft(slot: Slot): Promise<void> {
    const key = keyOf(slot)
    drafts.value = drafts.value.filter((each) => each.key !== key)
    await write(() => device.dropDraft(key))
  }

  /** The sheet is on its way once this device has it on disk. */
  async function handIn(slot: Slot, marks: Marks, notes: Record<string, string>, base: number): Promise<void> {
    const { board, entry, stage, attempt } = slot
    const id = newId()
    const sheet = { id, board, entry, stage, attempt, round: 1, marks, notes, base, marked_at: new Date().toISOString() }
    await write(() => device.handIn({ ...slot, id, key: keyOf(slot), sheet, refusal: null }))
    queue.value = await device.queue(slot.account)
    drafts.value = await device.drafts(slot.account)
    patience.wake()
  }

  /** Send a refused sheet once more as it is: what stood in its way may be gone. */
  async function sendAgain(sheet: HandedIn): Promise<void> {
    await write(() => device.keepInQueue({ ...sheet, refusal: null }))
    queue.value = await device.queue(sheet.account)
    patience.wake()
  }

  async function drop(sheet: HandedIn): Promise<void> {
    await write(() => device.dropFromQueue(sheet.id))
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
    clearInterval(timer)
    await writing
    if (to) await device.enter(to)
    else await device.leave()
    desk.value = null
    failure.value = null
    await resume()
  }

  const standing = (slot: Slot) =>
    desk.value ? standingOf(desk.value, slot, draftOf(slot), queue.value) : ('open' as const)

  return {
    phase, failure, session, others, desk, drafts, queue, online, saving, clockAhead, forms, refused, unsent,
    start, enterBy, open, resume, draftOf, keepDraft, dropDraft, handIn, sendAgain, drop, setPin, hand, standing,
    wake: () => patience.wake(),
    device: () => device,
  }
})
