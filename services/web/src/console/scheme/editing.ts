/** Changes of a scheme's data in the editor. Numbers stay the texts that were typed. */
import { titleOf, type NodeData, type TitleData } from './tree'

export type SchemeData = Record<string, unknown> & { root: NodeData; awards?: AwardData[] }

export interface AwardData {
  id: string
  rule: string
  levels?: LevelOfAward[]
  [key: string]: unknown
}

export interface LevelOfAward {
  id: string
  label?: TitleData | string
  [key: string]: unknown
}

export function copyOf<T>(data: T): T {
  return JSON.parse(JSON.stringify(data)) as T
}

/** Sets a key, or takes it away where nothing was typed. */
export function put(target: object, key: string, value: unknown): void {
  const data = target as Record<string, unknown>
  if (value === '' || value === null || value === undefined || value === false) delete data[key]
  else data[key] = value
}

export function setTitle(target: { [key: string]: unknown }, key: string, language: 'zh' | 'en', text: string): void {
  const before = target[key] as TitleData | string | undefined
  const both = typeof before === 'string' ? { zh: before, en: before } : { ...before }
  both[language] = text
  target[key] = both
}

export function titleIn(title: TitleData | string | undefined, language: 'zh' | 'en'): string {
  return typeof title === 'string' ? title : (title?.[language] ?? '')
}

export function newAspect(siblings: readonly NodeData[], zh: string, en: string): NodeData {
  return { id: freeId(siblings, 'item'), kind: 'judgement', title: { zh, en }, scale: { max: '10', step: '1' } }
}

export function newGroup(siblings: readonly NodeData[], zh: string, en: string): NodeData {
  return { id: freeId(siblings, 'part'), kind: 'group', title: { zh, en }, children: [newAspect([], zh, en)] }
}

function freeId(siblings: readonly NodeData[], stem: string): string {
  for (let number = siblings.length + 1; ; number += 1) {
    const id = `${stem}${number}`
    if (siblings.every((each) => each.id !== id)) return id
  }
}

export interface Found {
  node: NodeData
  siblings: NodeData[]
  parent: NodeData
}

/** A node by its path, with those beside it. */
export function findNode(root: NodeData, path: string): Found | null {
  let parent = root
  let found: Found | null = null
  for (const id of path.split('.')) {
    const siblings: NodeData[] = (found?.node ?? root).children ?? []
    const node: NodeData | undefined = siblings.find((each) => each.id === id)
    if (!node) return null
    parent = found?.node ?? root
    found = { node, siblings, parent }
  }
  return found
}

export interface TreeRow {
  path: string
  label: string
  weight: string
  full: string
  children: TreeRow[]
}

export function rowsOf(node: NodeData, language: string, above = ''): TreeRow[] {
  return (node.children ?? []).map((child) => {
    const path = above ? `${above}.${child.id}` : child.id
    return {
      path,
      label: titleOf(child.title, child.id, language),
      weight: child.weight === undefined ? '' : String(child.weight),
      full: child.scale?.max === undefined ? '' : String(child.scale.max),
      children: rowsOf(child, language, path),
    }
  })
}

/** The digits of the first rounding of a node, '' where it is not rounded. */
export function digitsOf(node: NodeData): string {
  const step = (node.then ?? []).find((each) => each.op === 'round')
  return step ? String(step.digits ?? 0) : ''
}

export function setDigits(node: NodeData, digits: string): void {
  const others = (node.then ?? []).filter((each) => each.op !== 'round')
  const then = digits === '' ? others : [...others, { op: 'round', digits: Number(digits) }]
  put(node, 'then', then.length ? then : null)
}
