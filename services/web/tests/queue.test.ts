import 'fake-indexeddb/auto'

import { afterEach, beforeEach, expect, it } from 'vitest'

import type { Desk } from '@/judge/form/layout'
import { Device, type Session } from '@/judge/keeping/device'
import { baseOf, keyOf, nextUp, roundOf, standingOf, withAccepted, type HandedIn, type Remark, type SheetIn, type SheetOut, type Slot } from '@/judge/keeping/sheets'
import { sendAll } from '@/judge/keeping/uploader'
import { Refused, Unreachable, type Problem } from '@/shared/problem'

const ME: Session = { account: 'j-1', name: '张建国', token: 't', boards: ['b'], openedAt: '', pin: '', links: [], ended: false }
const DESK = { board: { id: 'b' }, judge: 'j-1', sheets: [] as SheetOut[], remarks: [] as Remark[] } as Desk
const deaf = { accepted: () => undefined, refused: () => undefined }
const closed: Problem = { type: 'urn:leitai:problem:window-closed', title: '此阶段未开放评分', status: 409 }
const stale: Problem = { type: 'urn:leitai:problem:stale-base', title: '评分表已有更新的版本', status: 409 }

let device: Device
let count = 0

beforeEach(async () => {
  device = await Device.open(`test ${++count}`)
  await device.keepDesk(ME.account, DESK)
})

afterEach(() => device.close())

function slot(entry: string, account = ME.account): Slot {
  return { account, board: 'b', entry, stage: 'practical', attempt: 1 }
}

function handIn(id: string, entry: string, base = 0, account = ME.account): Promise<HandedIn> {
  const sheet = { id, board: 'b', entry, stage: 'practical', marks: { 'practical.seam': '50.5' }, base } as SheetIn
  return device.handIn({ ...slot(entry, account), id, key: keyOf(slot(entry, account)), sheet, refusal: null })
}

/** A server that takes each sheet once and remembers the order. */
class Server {
  readonly taken: SheetIn[] = []
  no: Record<string, Error> = {}

  send = async (sheet: SheetIn): Promise<SheetOut> => {
    const no = this.no[sheet.id]
    if (no) throw no
    if (!this.taken.some((each) => each.id === sheet.id)) this.taken.push(sheet)
    return { ...sheet, version: (sheet.base ?? 0) + 1, voided: false } as unknown as SheetOut
  }

  get ids(): string[] {
    return this.taken.map((each) => each.id)
  }
}

it('sheets go up in the order in which they were handed in', async () => {
  const server = new Server()
  for (const id of ['s-3', 's-1', 's-2']) await handIn(id, `e-${id}`)

  expect(await sendAll(device, ME, server.send, deaf)).toBe('empty')

  expect(server.ids).toEqual(['s-3', 's-1', 's-2'])
  expect(await device.queue('j-1')).toEqual([])
  expect((await device.desk('j-1', 'b'))?.desk.sheets.map((each) => each.id).sort()).toEqual(['s-1', 's-2', 's-3'])
})

it('nothing is lost while nobody answers, and a device that was killed goes on', async () => {
  const server = new Server()
  await handIn('s-1', 'e-1')
  server.no = { 's-1': new Unreachable() }

  expect(await sendAll(device, ME, server.send, deaf)).toBe('later')
  device.close()
  device = await Device.open(`test ${count}`)
  server.no = {}

  expect(await sendAll(device, ME, server.send, deaf)).toBe('empty')
  expect(server.ids).toEqual(['s-1'])
})

it('a sheet whose answer was lost is sent again with the same id', async () => {
  const server = new Server()
  await handIn('s-1', 'e-1')
  const losing = async (sheet: SheetIn): Promise<SheetOut> => {
    await server.send(sheet)
    throw new Unreachable()
  }

  await sendAll(device, ME, losing, deaf)
  await sendAll(device, ME, server.send, deaf)

  expect(server.ids).toEqual(['s-1'])
})

it('a refusal stays until the judge acts and holds up only its own slot', async () => {
  const server = new Server()
  server.no = { 's-1': new Refused(closed) }
  await handIn('s-1', 'e-1')
  await handIn('s-2', 'e-1', 1)
  await handIn('s-3', 'e-2')

  expect(await sendAll(device, ME, server.send, deaf)).toBe('empty')

  const queue = await device.queue('j-1')
  expect(server.ids).toEqual(['s-3'])
  expect(queue.find((each) => each.id === 's-1')?.refusal).toEqual(closed)
  expect(standingOf(DESK, slot('e-1'), undefined, queue)).toBe('refused')
})

it('a new sheet takes the place of all that waited behind a refused one', async () => {
  const server = new Server()
  server.no = { 's-1': new Refused(stale) }
  await handIn('s-1', 'e-1')
  await handIn('s-2', 'e-1', 1)
  await sendAll(device, ME, server.send, deaf)
  const base = baseOf(DESK, slot('e-1'), await device.queue('j-1'))

  await handIn('s-3', 'e-1', base)

  expect(base).toBe(0)
  expect((await device.queue('j-1')).map((each) => each.id)).toEqual(['s-3'])
})

it('a change before the first version was sent is based on it', async () => {
  await handIn('s-1', 'e-1')

  expect(baseOf(DESK, slot('e-1'), await device.queue('j-1'))).toBe(1)
})

it('a session that ended keeps everything for the next link', async () => {
  const server = new Server()
  await handIn('s-1', 'e-1')
  server.no = { 's-1': new Refused({ type: 'not-signed-in', title: '', status: 401 }) }

  expect(await sendAll(device, ME, server.send, deaf)).toBe('ended')
  expect((await device.queue('j-1')).map((each) => each.refusal)).toEqual([null])
})

it('two judges on one device are kept apart', async () => {
  const server = new Server()
  await handIn('s-1', 'e-1')
  await handIn('s-2', 'e-1', 0, 'j-2')

  await sendAll(device, ME, server.send, deaf)

  expect(server.ids).toEqual(['s-1'])
  expect((await device.queue('j-2')).map((each) => each.id)).toEqual(['s-2'])
  expect(nextUp(await device.queue('j-1'))).toBeUndefined()
})

it('handing in drops the draft in the same write', async () => {
  await device.keepDraft({ ...slot('e-1'), key: keyOf(slot('e-1')), marks: {}, notes: {}, base: 0, changedAt: '' })

  await handIn('s-1', 'e-1')

  expect(await device.drafts('j-1')).toEqual([])
})

it('a device keeps its id', async () => {
  expect(await device.id()).toBe(await device.id())
})

it('a sheet to be marked again is owed until its round is taken', () => {
  const first = { ...slot('e-1'), id: 's-1', round: 1, version: 1, voided: false } as unknown as SheetOut
  const asked = { entry: 'e-1', stage: 'practical', attempt: 1, round: 2, paths: ['practical.seam'] }
  const desk = { ...DESK, sheets: [first], remarks: [asked] }

  expect([standingOf(desk, slot('e-1'), undefined, []), roundOf(desk, slot('e-1'), [])]).toEqual(['again', 2])

  const after = withAccepted(desk, { ...first, id: 's-2', round: 2, version: 2 })
  expect([standingOf(after, slot('e-1'), undefined, []), roundOf(after, slot('e-1'), [])]).toEqual(['done', 2])
})

it('the round of a refused sheet binds nobody', async () => {
  const refused = await handIn('s-1', 'e-1')
  const waiting = { ...refused, sheet: { ...refused.sheet, round: 2 } }

  expect(roundOf(DESK, slot('e-1'), [waiting])).toBe(2)
  expect(roundOf(DESK, slot('e-1'), [{ ...waiting, refusal: closed }])).toBe(1)
})
