/** The board whose pages are open: what it is, what was decided about it, and who may do what. */
import { computed, inject, type ComputedRef, type InjectionKey } from 'vue'

import type { BoardBody, ControlOut, Role } from '../types'

export interface BoardContext {
  board: ComputedRef<BoardBody>
  control: ComputedRef<ControlOut | null>
  reload(): Promise<void>
  may(...roles: Role[]): boolean
}

export const BOARD: InjectionKey<BoardContext> = Symbol('board')

export function useBoard() {
  const context = inject(BOARD)
  if (!context) throw new Error('no board is open')
  return {
    ...context,
    id: context.board.value.id,
    organises: computed(() => context.may('organiser')),
    decides: computed(() => context.may('organiser', 'chief_judge')),
    published: computed(() => !!context.control.value?.published_at),
  }
}
