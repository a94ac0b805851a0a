import type { ControlOut } from '../types'

export type BoardState = 'setup' | 'open' | 'frozen' | 'published'

/** A board's state in one word. */
export function stateOf(control: ControlOut): BoardState {
  if (control.published_at) return 'published'
  if (control.frozen) return 'frozen'
  return control.scheme_version ? 'open' : 'setup'
}
