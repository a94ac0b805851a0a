import type { components, operations } from '@/generated/leaderboard'
import { api, ask } from '@/shared/api'

export type BoardLine = components['schemas']['BoardLine']
type Which = NonNullable<operations['list_boards_api_leaderboard_boards_get']['parameters']['query']>

const AT_ONCE = 500

/** Every board of a part of the list, however many there are. */
export async function readBoards(which: Pick<Which, 'campaign' | 'board'> = {}): Promise<BoardLine[]> {
  const found = new Map<string, BoardLine>()
  for (let offset = 0; ; offset += AT_ONCE) {
    const query = { ...which, offset, limit: AT_ONCE }
    const page = await ask(api.leaderboard.GET('/api/leaderboard/boards', { params: { query } }))
    for (const line of page.boards ?? []) found.set(line.board.id, line)
    if (page.total <= offset + AT_ONCE) return [...found.values()]
  }
}
