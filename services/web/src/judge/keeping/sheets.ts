/**
 * What becomes of a sheet between the judge's finger and the ledger. Pure.
 *
 * A **slot** is the place of one sheet: entry, stage and attempt of a board, for one judge. A **draft** is being
 * filled in. A **handed-in** sheet waits on this device until the server took it, or refused it and the judge
 * has acted. The order in which sheets were handed in is the order in which they go up.
 */
import type { components } from '@/generated/scoring'
import type { Problem } from '@/shared/problem'

import type { Desk } from '../form/layout'

export type SheetOut = components['schemas']['SheetOut']
export type SheetIn = components['schemas']['SheetIn']
export type Remark = components['schemas']['RemarkOut']
export type Marks = Record<string, string | null>

export interface Slot {
  account: string
  board: string
  entry: string
  stage: string
  attempt: number
}

export interface Draft extends Slot {
  key: string
  marks: Marks
  notes: Record<string, string>
  /** The version that this draft began from; 0 where there was none. */
  base: number
  changedAt: string
}

export interface HandedIn extends Slot {
  id: string
  key: string
  /** Where it stands in the queue; the device counts up. */
  turn: number
  sheet: SheetIn
  /** Set when the server said no; it stays until the judge acts. */
  refusal: Problem | null
}

/**
 * open: nothing yet · started: saved here, not handed in · waiting: handed in, not yet sent · done: accepted ·
 * again: accepted, and to be marked again because the panel is too far apart
 */
export type Standing = 'open' | 'started' | 'waiting' | 'refused' | 'conflict' | 'done' | 'again'

export function keyOf(slot: Slot): string {
  return [slot.account, slot.board, slot.entry, slot.stage, slot.attempt].join('\t')
}

/** The version of a slot that the server has, as far as this device knows. */
export function acceptedOf(desk: Desk, slot: Slot): SheetOut | undefined {
  return desk.sheets.find(
    (each) => each.entry === slot.entry && each.stage === slot.stage && each.attempt === slot.attempt && !each.voided,
  )
}

export function standingOf(desk: Desk, slot: Slot, draft: Draft | undefined, queue: readonly HandedIn[]): Standing {
  const mine = inSlot(queue, slot)
  const refused = mine.find((each) => each.refusal)
  if (refused) return isConflict(refused.refusal) ? 'conflict' : 'refused'
  if (draft) return 'started'
  if (mine.length) return 'waiting'
  if (!acceptedOf(desk, slot)) return 'open'
  return remarkOf(desk, slot) ? 'again' : 'done'
}

/** What the server asks to be marked again of a slot. */
export function remarkOf(desk: Desk, slot: Slot): Remark | undefined {
  const { entry, stage, attempt } = slot
  return desk.remarks.find((each) => each.entry === entry && each.stage === stage && each.attempt === attempt)
}

/** The round that a new sheet of this slot belongs to: the one asked for, never one before the last. */
export function roundOf(desk: Desk, slot: Slot, queue: readonly HandedIn[]): number {
  const waiting = inSlot(queue, slot)
  const sent = waiting.some((each) => each.refusal) ? [] : waiting.map((each) => each.sheet.round ?? 1)
  return Math.max(1, acceptedOf(desk, slot)?.round ?? 1, remarkOf(desk, slot)?.round ?? 1, ...sent)
}

/**
 * The version that a new sheet of this slot replaces. Those on their way will have been taken before it, unless
 * one was refused: then the new sheet takes the place of all of them.
 */
export function baseOf(desk: Desk, slot: Slot, queue: readonly HandedIn[]): number {
  const mine = inSlot(queue, slot)
  const waiting = mine.at(-1)
  if (waiting && !mine.some((each) => each.refusal)) return (waiting.sheet.base ?? 0) + 1
  const taken = desk.sheets.filter(
    (each) => each.entry === slot.entry && each.stage === slot.stage && each.attempt === slot.attempt,
  )
  return Math.max(0, ...taken.map((each) => each.version))
}

/** What goes up next: the first in order that is not refused, nor behind a refused one of its own slot. */
export function nextUp(queue: readonly HandedIn[]): HandedIn | undefined {
  const stopped = new Set(queue.filter((each) => each.refusal).map((each) => each.key))
  return inOrder(queue).find((each) => !stopped.has(each.key))
}

/** The desk after the server took a sheet. Whether its round is the last only the next desk says. */
export function withAccepted(desk: Desk, taken: SheetOut): Desk {
  const isOther = (each: { entry: string; stage: string; attempt: number }) =>
    each.entry !== taken.entry || each.stage !== taken.stage || each.attempt !== taken.attempt
  const remarks = desk.remarks.filter((each) => isOther(each) || each.round > taken.round)
  return { ...desk, remarks, sheets: [...desk.sheets.filter(isOther), taken] }
}

export function isConflict(refusal: Problem | null): boolean {
  return !!refusal?.type.endsWith(':stale-base')
}

/** The other version of a conflict, as the server's problem shows it. */
export function rivalOf(refusal: Problem | null): SheetOut | undefined {
  return (refusal?.current as SheetOut | undefined) ?? undefined
}

export function inSlot(queue: readonly HandedIn[], slot: Slot): HandedIn[] {
  const key = keyOf(slot)
  return inOrder(queue.filter((each) => each.key === key))
}

function inOrder(queue: readonly HandedIn[]): HandedIn[] {
  return [...queue].sort((a, b) => a.turn - b.turn)
}
