import type { BoardBody, Role } from '../types'

interface Tab {
  name: string
  roles: Role[]
  kinds?: BoardBody['kind'][]
}

const TABS: Tab[] = [
  { name: 'overview', roles: [] },
]

/** The pages of a board that this person has something to do on. */
export function tabsOf(board: BoardBody, may: (...roles: Role[]) => boolean): string[] {
  return TABS.filter(
    (tab) => (!tab.roles.length || may(...tab.roles)) && (!tab.kinds || tab.kinds.includes(board.kind)),
  ).map((tab) => tab.name)
}
