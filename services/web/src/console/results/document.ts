/** The award list as GET /api/awards/boards/{board}/list counts it (services/awards/domain.py, Document). */
import { Refused } from '@/shared/problem'
import { failureOf, Unreachable } from '@/shared/problem'

export interface Said {
  zh: string
  en: string
}

export interface StandingLine {
  entry: string
  place: number | null
  tied: boolean
  name: string
  unit: string
  number: number
  category: string
  total: string | null
  values: Record<string, string | null>
  awards: string[]
  status: string
  reason: Said | null
}

export interface AwardLevel {
  id: string
  title: Said
  of: 'entries' | 'persons' | 'units'
  proposed: boolean
  approval: Said | null
  winners: { entry: string; name: string; members: string[]; unit: string; place: number | null; reason: Said }[]
}

export interface AwardDocument {
  provisional: boolean
  published_at: string | null
  digits: number
  columns: { path: string; title: Said }[]
  standings: StandingLine[]
  levels: AwardLevel[]
  notes: Said[]
  ties: Said[]
  left_out: { entry: string; name: string; reason: Said }[]
}

export type Format = 'json' | 'csv' | 'xlsx'

export function listUrl(board: string, format: Format, provisional: boolean): string {
  const query = new URLSearchParams({ format, ...(provisional ? { provisional: 'true' } : {}) })
  return `/api/awards/boards/${encodeURIComponent(board)}/list?${query}`
}

/** The list, or null where nothing can be counted yet. */
export async function readDocument(board: string, provisional = true): Promise<AwardDocument | null> {
  const headers = { 'Accept-Language': document.documentElement.lang }
  const answer = await fetch(listUrl(board, 'json', provisional), { headers }).catch(() => null)
  if (!answer) throw new Unreachable()
  if (answer.ok) return (await answer.json()) as AwardDocument
  const failure = await failureOf(answer)
  if (failure instanceof Refused && failure.slug === 'scheme-missing') return null
  throw failure
}
