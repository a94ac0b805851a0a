/** A scheme as the pages read it: its nodes with their paths and titles, in order. It counts nothing. */
import { Refused } from '@/shared/problem'

import { findScheme } from '../parts/api'
import type { SchemeOut } from '../types'

export interface TitleData {
  zh?: string
  en?: string
}

/** A node of a scheme as data; what the editor does not know it keeps. */
export interface NodeData {
  id: string
  kind: string
  title?: TitleData | string
  weight?: string | number
  function?: string
  stage?: boolean
  sum_check?: string | number
  scale?: { min?: string | number; max?: string | number; step?: string | number; yes_no?: boolean; levels?: LevelData[] }
  panel?: { function?: string; judges?: number; drop_high?: number; drop_low?: number; max_spread?: string | number }
  attempts?: { count: number; function: string; title?: TitleData | string }
  then?: Record<string, unknown>[]
  children?: NodeData[]
  [key: string]: unknown
}

export interface LevelData {
  mark: string | number
  text: TitleData | string
}

export interface Placed {
  path: string
  title: string
  /** The title of the group that holds it, '' at the top. */
  above: string
  node: NodeData
  attempts: number
}

export interface Tree {
  scheme: SchemeOut
  nodes: Placed[]
  aspects: Placed[]
  stages: Placed[]
}

export function titleOf(title: TitleData | string | undefined, fallback: string, language = document.documentElement.lang): string {
  if (typeof title === 'string') return title
  return (language === 'en' ? title?.en || title?.zh : title?.zh || title?.en) || fallback
}

export function placedNodes(data: Record<string, unknown>): Placed[] {
  const root = data.root as NodeData | undefined
  return (root?.children ?? []).flatMap((child) => placed(child, null, 1))
}

function placed(node: NodeData, above: Placed | null, attempts: number): Placed[] {
  const path = above ? `${above.path}.${node.id}` : node.id
  const times = node.attempts?.count ?? attempts
  const own: Placed = { path, title: titleOf(node.title, node.id), above: above?.title ?? '', node, attempts: times }
  return [own, ...(node.children ?? []).flatMap((child) => placed(child, own, times))]
}

export function treeOf(scheme: SchemeOut): Tree {
  const nodes = placedNodes(scheme.data)
  return {
    scheme,
    nodes,
    aspects: nodes.filter((each) => !each.node.children),
    stages: nodes.filter((each) => each.node.stage),
  }
}

/** What sheets are handed in for: the stages, and the whole where a judged aspect lies in none of them. */
export function markedStages({ aspects, stages }: Tree): string[] {
  const outside = aspects.some(
    ({ node, path }) => node.kind !== 'imported' && !stages.some((stage) => path === stage.path || path.startsWith(`${stage.path}.`)),
  )
  return [...(outside || !stages.length ? [''] : []), ...stages.map((stage) => stage.path)]
}

/** Null where the board has no scheme yet. */
export async function readTree(board: string): Promise<Tree | null> {
  try {
    return treeOf(await findScheme(board))
  } catch (failure) {
    if (failure instanceof Refused && failure.slug === 'scheme-missing') return null
    throw failure
  }
}

/** What an attempt is called, such as 季度; '' where the scheme does not say. */
export function periodName(tree: Tree): string {
  return titleOf(tree.nodes.find((each) => each.node.attempts)?.node.attempts?.title, '')
}
