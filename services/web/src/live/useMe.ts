import { computed, onScopeDispose, ref, shallowRef, type ComputedRef, type Ref } from 'vue'

import type { EntryPage, PlacedRow } from '@/shared/feed'
import { follow, followed, type Followed } from '@/shared/followed'
import { Refused } from '@/shared/problem'

import { readEntry } from './entries'
import { rememberedEntry, rememberEntry } from './me'
import type { Top } from './useTop'

export interface Me {
  entry: Ref<string | null>
  row: ComputedRef<PlacedRow | undefined>
  page: ComputedRef<EntryPage | undefined>
  choose(entry: string | null): void
}

const AROUND = 2
const SOON = 1_000
const LATER = 3_000

/** My own line: its place follows every change at once, who stands around me a little later. */
export function useMe(board: string, top: Top): Me {
  const entry = ref(rememberedEntry(board))
  const page = shallowRef<EntryPage>()
  const state = shallowRef<Followed>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = 0

  async function load(): Promise<void> {
    const wanted = entry.value
    if (!wanted) return
    try {
      const got = await readEntry(board, wanted, AROUND)
      if (wanted !== entry.value) return
      page.value = got
      state.value = followed(got)
    } catch (error) {
      if (error instanceof Refused && error.problem.status === 404) choose(null)
      else fetchIn(LATER)
    }
  }

  function fetchIn(wait: number): void {
    const at = Date.now() + wait * (0.75 + Math.random() / 2)
    if (timer !== undefined && due <= at) return
    clearTimeout(timer)
    due = at
    timer = setTimeout(() => {
      timer = undefined
      void load()
    }, at - Date.now())
  }

  function choose(chosen: string | null): void {
    rememberEntry(board, chosen)
    entry.value = chosen
    page.value = state.value = undefined
    void load()
  }

  top.listen((frame) => {
    if (!entry.value || frame.event === 'status') return
    if (frame.event === 'diff' && state.value) state.value = follow(state.value, frame.data)
    fetchIn(state.value?.lacking ? SOON : LATER)
  })
  void load()
  onScopeDispose(() => clearTimeout(timer))

  return { entry, page: computed(() => page.value), row: computed(() => state.value?.row), choose }
}
