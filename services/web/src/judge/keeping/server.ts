/** What the tablet asks of the server. Each judge's requests carry that judge's own session, never a cookie. */
import type { components } from '@/generated/scoring'
import { api, ask } from '@/shared/api'

import type { Desk } from '../form/layout'
import type { Session } from './device'
import type { DeviceState } from './reporting'
import type { Marks, SheetIn, SheetOut, Slot } from './sheets'

export type Worth = components['schemas']['PreviewOut']

const bare = { credentials: 'omit' } as const

function as(session: Session) {
  return { ...bare, headers: { Authorization: `Bearer ${session.token}` } }
}

/** Exchange the secret of a link for a session on this device. */
export async function exchange(token: string, device: string): Promise<Session> {
  const made = await ask(
    api.identity.POST('/api/identity/judge-links/exchange', { body: { token, device }, ...bare }),
  )
  const boards = [...new Set(made.grants.flatMap((grant) => grant.board || []))]
  const openedAt = new Date().toISOString()
  return { account: made.account, name: made.name, token: made.token, boards, openedAt, pin: '', links: [], ended: false }
}

export function readDesk(session: Session, board: string): Promise<Desk> {
  return ask(api.scoring.GET('/api/scoring/boards/{board}/desk', { params: { path: { board } }, ...as(session) }))
}

/** The server answers 200 with the first answer where it has this sheet already. */
export function sendSheet(sheet: SheetIn, session: Session): Promise<SheetOut> {
  return ask(api.scoring.POST('/api/scoring/sheets', { body: sheet, ...as(session) }))
}

/** Tells the control room that this device is there, and how it is. */
export function reportUse(session: Session, state: DeviceState): Promise<unknown> {
  return ask(api.identity.POST('/api/identity/sessions/current/use', { body: state, ...as(session) }))
}

export function worthOf(session: Session, slot: Slot, marks: Marks, signal: AbortSignal): Promise<Worth> {
  const { board, entry, stage, attempt } = slot
  const body = { entry, stage, attempt, marks }
  const asked = { params: { path: { board } }, body, signal, ...as(session) }
  return ask(api.scoring.POST('/api/scoring/boards/{board}/preview', asked))
}
