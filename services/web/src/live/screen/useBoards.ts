import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'

import { readBoards, type BoardLine } from '../lists'

const REFRESH = 15_000
/** While a board that is wished for is not there: somebody stands before the screen and waits for it. */
const SOON = 2_000

/**
 * The boards that a screen shows in turn: those named, in their order; else all that somebody takes part in.
 * While the organiser's wish is not known (undefined) there are none: nothing is shown that was not wished.
 */
export function useBoards(named: Ref<readonly string[] | undefined>) {
  const boards = shallowRef<BoardLine[]>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let round = 0

  /** Ask now, and again for ever; a wish that changes meanwhile begins anew. */
  async function follow(): Promise<void> {
    const wanted = named.value
    const mine = ++round
    clearTimeout(timer)
    if (!wanted) return
    const found = await shownOf(wanted).catch(() => undefined)
    if (mine !== round) return
    boards.value = found ?? boards.value
    const complete = found && found.length >= (wanted.length || 1)
    timer = setTimeout(follow, complete ? REFRESH : SOON)
  }

  watch(named, follow, { immediate: true })
  onScopeDispose(() => {
    round += 1
    clearTimeout(timer)
  })
  return boards
}

async function shownOf(wanted: readonly string[]): Promise<BoardLine[]> {
  if (!wanted.length) return (await readBoards()).filter((line) => line.entries > 0)
  const found = await readBoards({ board: [...wanted] })
  return wanted.flatMap((id) => found.find((line) => line.board.id === id) ?? [])
}
