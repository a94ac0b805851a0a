/** Questions that several pages ask. */
import { api, ask } from '@/shared/api'
import { naturally } from '@/shared/order'

import { everyItem } from '../asking'
import type { BoardBody, CampaignBody, ControlOut, PanelOut, SchemeOut, TemplateOut, UnitBody, WindowIn } from '../types'

export function templates(): Promise<TemplateOut[]> {
  return ask(api.scoring.GET('/api/scoring/templates')).then((found) => found.items)
}

/** By campaign, the latest first, then by code. */
export async function allBoards(campaign?: string): Promise<BoardBody[]> {
  const found = await everyItem((offset, limit) =>
    ask(api.registration.GET('/api/registration/boards', { params: { query: { campaign, offset, limit } } })),
  )
  const campaigns = [...new Set(found.map((board) => board.campaign))]
  return campaigns.flatMap((id) => found.filter((board) => board.campaign === id).sort((one, other) => naturally(one.code, other.code)))
}

/** The latest first, then by code. */
export async function allCampaigns(): Promise<CampaignBody[]> {
  const found = await everyItem((offset, limit) =>
    ask(api.registration.GET('/api/registration/campaigns', { params: { query: { offset, limit } } })),
  )
  return found.sort((one, other) => other.year - one.year || naturally(one.code, other.code))
}

/** `mine`: only those where the person signed in is an organiser. */
export function findUnits(q: string, mine = false): Promise<UnitBody[]> {
  return ask(api.registration.GET('/api/registration/units', { params: { query: { q, mine, limit: 50 } } })).then(
    (found) => found.items,
  )
}

export function findBoard(board: string): Promise<BoardBody> {
  return ask(api.registration.GET('/api/registration/boards/{board_id}', { params: { path: { board_id: board } } }))
}

/** Null for those who may not see how a board is run. */
export function findControl(board: string): Promise<ControlOut | null> {
  return ask(api.scoring.GET('/api/scoring/boards/{board}/control', { params: { path: { board } } })).catch(() => null)
}

export function findScheme(board: string): Promise<SchemeOut> {
  return ask(api.scoring.GET('/api/scoring/boards/{board}/scheme', { params: { path: { board } } }))
}

export function findPanels(board: string): Promise<PanelOut[]> {
  return ask(api.scoring.GET('/api/scoring/boards/{board}/panels', { params: { path: { board } } })).then(
    (found) => found.panels,
  )
}

export function findWindows(board: string): Promise<WindowIn[]> {
  return ask(api.scoring.GET('/api/scoring/boards/{board}/window', { params: { path: { board } } })).then(
    (found) => found.windows,
  )
}

export function entryCount(board: string, status?: 'registered' | 'verified' | 'withdrawn'): Promise<number> {
  const params = { path: { board_id: board }, query: { status, limit: 1 } }
  return ask(api.registration.GET('/api/registration/boards/{board_id}/entries', { params })).then(
    (found) => found.total,
  )
}
