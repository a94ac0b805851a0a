import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

import { api, ask } from '@/shared/api'

import type { Top } from './useTop'

const PATIENCE = 3_000

/** Why a board does not come: a feed cannot say it, so the board itself is asked after a while. */
export function useMissing(board: string, top: Top): ShallowRef<unknown> {
  const failure = shallowRef<unknown>()
  const params = { path: { board }, query: { limit: 0 } }

  async function look(): Promise<void> {
    try {
      await ask(api.leaderboard.GET('/api/leaderboard/boards/{board}', { params }))
    } catch (error) {
      if (!top.state.value) failure.value = error
    }
  }

  const timer = setTimeout(() => !top.state.value && void look(), PATIENCE)
  const stop = watch(top.link, (link) => {
    if (link === 'lost' && !top.state.value) void look()
  })
  watch(top.state, () => (failure.value = undefined))
  onScopeDispose(() => {
    clearTimeout(timer)
    stop()
  })
  return failure
}
