import { api, ask } from '@/shared/api'
import type { EntryPage } from '@/shared/feed'

/** One entry with `around` rows on each side of it. */
export async function readEntry(board: string, entry: string, around: number): Promise<EntryPage> {
  const params = { path: { board, entry }, query: { around } }
  const page = await ask(api.leaderboard.GET('/api/leaderboard/boards/{board}/entries/{entry}', { params }))
  return page as unknown as EntryPage // the client's types widen the pairs of `head.columns`
}
