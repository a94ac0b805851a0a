import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

import type { components } from '@/generated/leaderboard'
import { api, ask } from '@/shared/api'

import { watchState } from './states'

export type Screen = components['schemas']['Screen']

const HEARTBEAT = 10_000

/** What the organiser wants of this screen, and this screen's sign of life. */
export function useScreen(code: string, showing: () => { slide: number; showing: string; width: number; height: number }) {
  const screen: ShallowRef<Screen | undefined> = shallowRef()
  const slide: Ref<number> = ref(0)
  const live = ref(false)
  const path = { code }

  async function begin(): Promise<void> {
    const told = await ask(api.leaderboard.GET('/api/leaderboard/screens/{code}', { params: { path } }))
    slide.value = told.resume ?? 0
    screen.value ??= told.screen
  }

  async function beat(): Promise<void> {
    const body = { ...showing(), revision: screen.value?.revision ?? 0 }
    const now = await ask(
      api.leaderboard.POST('/api/leaderboard/screens/{code}/heartbeat', { params: { path }, body }),
    )
    // An order that was lost on its way comes with the next heartbeat.
    if ((now.revision ?? 0) > (screen.value?.revision ?? 0)) screen.value = now
  }

  const feed = watchState<Screen>(`/api/leaderboard/screens/${code}/feed`, 'screen', {
    state: (state) => (screen.value = state),
    live: (now) => (live.value = now),
  })
  watch(
    () => screen.value && (screen.value.turn ?? 0),
    (turn, before) => {
      // The first count is from before this page: only what is added to it moves the screen.
      if (turn !== undefined && before !== undefined) slide.value += turn - before
    },
    { flush: 'sync' },
  )

  const begun = begin().catch(() => undefined)
  const timer = setInterval(() => void beat().catch(() => undefined), HEARTBEAT)
  void begun.then(beat).catch(() => undefined)
  onScopeDispose(() => {
    feed.close()
    clearInterval(timer)
  })
  return { screen, slide, live }
}
