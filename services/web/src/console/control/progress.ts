/** Who has marked what: fetched whole once, then only the rows that changed. */
import { api, ask } from '@/shared/api'

import { everyItem } from '../asking'
import type { ProgressRow } from '../types'
import { mergedRows } from './marking'

/** A line that is dead must not keep the questions that come after waiting. */
const MOST_MILLISECONDS = 30_000

export interface Progress {
  /** In draw order. */
  rows: ProgressRow[]
  /** Where the next question goes on. */
  cursor: string
  /** Whether the scheme, a panel or a window may be another than before. */
  boardChanged: boolean
}

export async function readProgress(board: string, before: Progress | null): Promise<Progress> {
  const told = { cursor: '', boardChanged: false }
  const found = await everyItem(async (offset, limit) => {
    const params = { path: { board }, query: { offset, limit, since: before?.cursor } }
    const signal = AbortSignal.timeout(MOST_MILLISECONDS)
    const page = await ask(api.scoring.GET('/api/scoring/boards/{board}/progress', { params, signal }))
    // Of several pages the first one's: the others are newer.
    told.cursor ||= page.cursor
    told.boardChanged ||= page.board_changed
    return page
  })
  return { ...told, rows: mergedRows(before?.rows ?? [], found) }
}
