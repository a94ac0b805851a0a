/** A new contest, made step by step; what was made stays made when a later step is refused and tried again. */
import { api, ask, once } from '@/shared/api'
import { newId } from '@/shared/ids'

import { findPanels, findScheme } from '../parts/api'
import type { BoardBody, JudgeIn, TemplateOut, UnitBody } from '../types'

export interface Draft {
  template: TemplateOut | null
  copied: BoardBody | null
  campaign: string
  campaignTitle: string
  year: number
  /** A unit's id, or the name of a new one. */
  unit: string
  title: string
  titleEn: string
  trade: string
  blind: boolean
  public: boolean
  judges: JudgeIn[]
  stage: string
  opens: boolean
  deadline: string | null
}

export type StepName = 'unit' | 'campaign' | 'board' | 'scheme' | 'panel' | 'window'
export const STEPS: StepName[] = ['unit', 'campaign', 'board', 'scheme', 'panel', 'window']

interface Made {
  unit: string
  campaign: string
  board: string
  done: Set<StepName>
  keys: Map<StepName, { 'Idempotency-Key': string }>
  code: string
}

export function nothingMade(): Made {
  return { unit: '', campaign: '', board: '', done: new Set(), keys: new Map(), code: codeOfNow() }
}

/** A contest that somebody was describing when they left the page. */
export const kept: { draft: Draft | null; made: Made | null; step: number } = { draft: null, made: null, step: 0 }

export function newJudge(name = ''): JudgeIn {
  return { judge: `j-${newId().slice(-10)}`, name, seat: '', chief: false, recused: [] }
}

/** Does what is not done yet, telling each step as it is done. */
export async function make(draft: Draft, made: Made, units: readonly UnitBody[], told: (step: StepName) => void) {
  const doing: Record<StepName, () => Promise<unknown>> = {
    unit: async () => (made.unit = await unitOf(draft, made, units)),
    campaign: async () => (made.campaign = await campaignOf(draft, made)),
    board: async () => (made.board = await boardOf(draft, made)),
    scheme: () => putScheme(draft, made),
    panel: () => putPanels(draft, made),
    window: () => openWindow(draft, made),
  }
  for (const step of STEPS) {
    if (made.done.has(step)) continue
    await doing[step]()
    made.done.add(step)
    told(step)
  }
  return made.board
}

async function unitOf(draft: Draft, made: Made, units: readonly UnitBody[]): Promise<string> {
  if (units.some((unit) => unit.id === draft.unit)) return draft.unit
  const body = { code: `U-${made.code}`, name: draft.unit.trim(), level: 'unit' as const }
  return (await ask(api.registration.POST('/api/registration/units', { body, headers: keyOf(made, 'unit') }))).id
}

async function campaignOf(draft: Draft, made: Made): Promise<string> {
  if (draft.campaign) return draft.campaign
  const zh = draft.campaignTitle.trim() || draft.title.trim()
  const body = { code: made.code, title: { zh, en: '' }, year: draft.year, unit: made.unit }
  const headers = keyOf(made, 'campaign')
  return (await ask(api.registration.POST('/api/registration/campaigns', { body, headers }))).id
}

async function boardOf(draft: Draft, made: Made): Promise<string> {
  const like = draft.copied
  const body = {
    code: `${made.code}-${newId().slice(0, 4)}`,
    kind: like?.kind ?? draft.template?.kind ?? 'contest',
    entry_kind: like?.entry_kind ?? draft.template?.entry_kind ?? 'person',
    title: { zh: draft.title.trim(), en: draft.titleEn.trim() },
    trade: draft.trade.trim(),
    unit: made.unit,
    blind: draft.blind,
    public: draft.public,
    feeds: like?.feeds ?? draft.template?.feeds ?? [],
    ...(like ? { eligibility: like.eligibility } : {}),
  }
  const params = { path: { campaign_id: made.campaign } }
  const headers = keyOf(made, 'board')
  return (
    await ask(api.registration.POST('/api/registration/campaigns/{campaign_id}/boards', { params, body, headers }))
  ).id
}

async function putScheme(draft: Draft, made: Made): Promise<void> {
  const data = draft.copied ? (await findScheme(draft.copied.id)).data : draft.template?.scheme
  if (!data) return
  const params = { path: { board: made.board } }
  await ask(api.scoring.PUT('/api/scoring/boards/{board}/scheme', { params, body: { data, reason: '', amend: false } }))
}

async function putPanels(draft: Draft, made: Made): Promise<void> {
  const judges = draft.judges.filter((judge) => judge.name.trim())
  if (!judges.length) return
  const stages = draft.copied ? (await findPanels(draft.copied.id)).map((panel) => panel.stage) : [draft.stage]
  const params = { path: { board: made.board } }
  for (const stage of stages.length ? stages : ['']) {
    await ask(api.scoring.PUT('/api/scoring/boards/{board}/panels', { params, body: { stage, judges: seated(judges) } }))
  }
}

async function openWindow(draft: Draft, made: Made): Promise<void> {
  const params = { path: { board: made.board } }
  const body = {
    stage: draft.stage,
    mode: draft.opens ? ('all' as const) : ('closed' as const),
    entry: null,
    deadline: draft.deadline,
    grace: 60,
    editable: true,
  }
  await ask(api.scoring.PUT('/api/scoring/boards/{board}/window', { params, body }))
}

/** Judges with seats A, B, C … where none was given. */
export function seated(judges: readonly JudgeIn[]): JudgeIn[] {
  return judges.map((judge, at) => ({ ...judge, seat: judge.seat || String.fromCharCode(65 + (at % 26)) }))
}

function keyOf(made: Made, step: StepName) {
  const key = made.keys.get(step) ?? once()
  made.keys.set(step, key)
  return key
}

function codeOfNow(): string {
  return `c${new Date().toISOString().replace(/\D/g, '').slice(2, 14)}`
}
