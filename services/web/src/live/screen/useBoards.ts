import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

import type { components } from '@/generated/leaderboard'
import { api, ask } from '@/shared/api'

type Line = components['schemas']['BoardLine']

const REFRESH = 15_000

/**
 * The boards that a screen shows in turn: those named, in their order; else all that somebody takes part in.
 * While the organiser's wish is not known (undefined) there are none: nothing is shown that was not wished.
 */
export function useBoards(named: Ref<readonly string[] | undefined>) {
  const boards = shallowRef<Line[]>()

  async function load(): Promise<void> {
    const wanted = named.value
    if (!wanted) return
    const answer = await ask(api.leaderboard.GET('/api/leaderboard/boards', { params: { query: { limit: 500 } } }))
    const every = answer.boards ?? []
    const chosen = wanted.map((id) => every.find((line) => line.board.id === id))
    boards.value = wanted.length
      ? chosen.filter((line) => line !== undefined)
      : every.filter((line) => line.entries > 0)
  }

  const soon = (): void => void load().catch(() => undefined)
  watch(named, soon, { immediate: true })
  const timer = setInterval(soon, REFRESH)
  onScopeDispose(() => clearInterval(timer))
  return boards
}
