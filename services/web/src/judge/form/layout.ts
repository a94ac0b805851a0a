/** Which fields a judge's sheet has, read from the board's scheme. What they are worth only the server counts. */
import type { components } from '@/generated/scoring'
import type { Bilingual } from '@/shared/language'

import type { Scale } from './scale'

export type Desk = components['schemas']['Desk']

export interface Aspect {
  path: string
  title: Bilingual
  kind: 'measurement' | 'judgement' | 'deduction' | 'bonus'
  scale: Scale
  attempts: number
  /** Left alone, it is sent as 0: nothing was deducted, nothing added. */
  restsAtZero: boolean
}

export interface Section {
  path: string
  title: Bilingual | null
  aspects: Aspect[]
}

/** A sheet to fill in: one stage of the scheme, which may be done several times. */
export interface Form {
  stage: string
  title: Bilingual | null
  attempts: number
  attemptTitle: Bilingual | null
  sections: Section[]
}

/** The parts of a scheme's data that a form shows; rules/scheme_nodes.py is their whole. */
interface Node {
  id?: string
  kind: string
  title?: string | Bilingual
  stage?: boolean
  scale?: { min?: Exact; max?: Exact; step?: Exact; levels?: { mark: Exact; text: string | Bilingual }[]; yes_no?: boolean }
  attempts?: { count: number; title?: string | Bilingual }
  unmarked?: Exact
  children?: Node[]
}
type Exact = string | number
interface Placed {
  node: Node
  path: string
  repeated: Node['attempts']
}

const MARKED = ['measurement', 'judgement', 'deduction', 'bonus']

/** The sheets that this judge fills in, in the order of the scheme. */
export function formsOf(desk: Desk): Form[] {
  const root = desk.scheme?.data.root as Node | undefined
  if (!root) return []
  const all = [...walk({ node: root, path: '', repeated: root.attempts })]
  const stages = all.filter(({ node, path }) => node.stage && path)
  const outside = leaves(all).filter(({ path }) => !stages.some((stage) => isWithin(path, stage.path)))
  const covered = stages.length && !outside.length ? stages : all.slice(0, 1)
  return covered.filter(({ path }) => isMine(desk, path)).map(formOf).filter((form) => form.sections.length)
}

/** The panel of a stage is its own, else the whole scheme's. */
function isMine(desk: Desk, stage: string): boolean {
  const panel = desk.panels.find((each) => each.stage === stage) ?? desk.panels.find((each) => each.stage === '')
  return !!panel?.judges.some((each) => each.judge === desk.judge)
}

/** The fields of one attempt. */
export function aspectsOf(form: Form, attempt: number): Aspect[] {
  return form.sections.flatMap((section) => section.aspects).filter((aspect) => attempt <= aspect.attempts)
}

function formOf(stage: Placed): Form {
  const all = [...walk(stage)]
  const sections: Section[] = []
  for (const leaf of leaves(all)) {
    const parent = leaf.path.slice(0, Math.max(0, leaf.path.lastIndexOf('.')))
    const last = sections.at(-1)
    const section = last?.path === parent ? last : { path: parent, title: titleAt(all, parent, stage.path), aspects: [] }
    if (section !== last) sections.push(section)
    section.aspects.push(aspectOf(leaf))
  }
  const repeated = leaves(all).find((leaf) => leaf.repeated)?.repeated
  return {
    stage: stage.path,
    title: stage.path ? titled(stage.node) : null,
    attempts: Math.max(1, ...leaves(all).map((leaf) => leaf.repeated?.count ?? 1)),
    attemptTitle: repeated?.title ? bilingual(repeated.title) : null,
    sections,
  }
}

function aspectOf({ node, path, repeated }: Placed): Aspect {
  const { min = '0', max = null, step = null, levels = [], yes_no: yesNo = false } = node.scale ?? {}
  const isAdded = node.kind === 'deduction' || node.kind === 'bonus'
  return {
    path,
    title: titled(node),
    kind: node.kind as Aspect['kind'],
    scale: {
      min: String(min),
      max: max === null ? null : String(max),
      step: step === null ? null : String(step),
      levels: levels.map((level) => ({ mark: String(level.mark), text: bilingual(level.text) })),
      yesNo,
    },
    attempts: repeated?.count ?? 1,
    restsAtZero: isAdded && node.unmarked === undefined && !levels.length && Number(min) <= 0,
  }
}

function* walk(placed: Placed): Generator<Placed> {
  yield placed
  for (const child of placed.node.children ?? []) {
    const path = placed.path ? `${placed.path}.${child.id}` : (child.id ?? '')
    yield* walk({ node: child, path, repeated: child.attempts ?? placed.repeated })
  }
}

function leaves(all: Placed[]): Placed[] {
  return all.filter(({ node }) => MARKED.includes(node.kind))
}

function titleAt(all: Placed[], path: string, stage: string): Bilingual | null {
  const found = all.find((each) => each.path === path)
  return path !== stage && found?.node.title ? bilingual(found.node.title) : null
}

function titled(node: Node): Bilingual {
  return bilingual(node.title ?? node.id ?? '')
}

function bilingual(title: string | Bilingual): Bilingual {
  return typeof title === 'string' ? { zh: title, en: title } : title
}

function isWithin(path: string, stage: string): boolean {
  return path === stage || path.startsWith(`${stage}.`)
}
