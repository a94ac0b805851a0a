import { onScopeDispose, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'

import type { components } from '@/generated/leaderboard'
import { api, ask } from '@/shared/api'

import { watchState } from './states'

export type Screen = components['schemas']['Screen']

const HEARTBEAT = 10_000
const AGAIN = 2_000

/** What the organiser wants of this screen, and this screen's sign of life. */
export function useScreen(code: string, showing: () => { slide: number; showing: string; width: number; height: number }) {
  const screen: ShallowRef<Screen | undefined> = shallowRef()
  const slide: Ref<number> = ref(0)
  const live = ref(true)
  const path = { code }
  /** What was heard before it was known which slide stood here last. */
  let early: Screen | undefined
  let timer: ReturnType<typeof setTimeout> | undefined

  async function begin(): Promise<void> {
    try {
      const told = await ask(api.leaderboard.GET('/api/leaderboard/screens/{code}', { params: { path } }))
      slide.value = told.resume ?? 0
      screen.value = told.screen
      if (early) takeNewer(early)
      void beat()
    } catch {
      timer = setTimeout(begin, AGAIN)
    }
  }

  function hear(now: Screen): void {
    if (screen.value) screen.value = now
    else early = now
  }

  function takeNewer(now: Screen): void {
    if ((now.revision ?? 0) > (screen.value?.revision ?? 0)) screen.value = now
  }

  async function beat(): Promise<void> {
    timer = setTimeout(beat, HEARTBEAT)
    const body = { ...showing(), revision: screen.value?.revision ?? 0 }
    try {
      // An order that was lost on its way comes with the next heartbeat.
      takeNewer(await ask(api.leaderboard.POST('/api/leaderboard/screens/{code}/heartbeat', { params: { path }, body })))
    } catch {
      // The next one tells as much.
    }
  }

  const feed = watchState<Screen>(`/api/leaderboard/screens/${code}/feed`, 'screen', {
    state: hear,
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

  void begin()
  onScopeDispose(() => {
    feed.close()
    clearTimeout(timer)
  })
  return { screen, slide, live }
}
