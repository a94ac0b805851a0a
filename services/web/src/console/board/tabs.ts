import type { BoardBody, Role } from '../types'

interface Tab {
  name: string
  roles: Role[]
  kinds?: BoardBody['kind'][]
}

const RUNNING: Role[] = ['organiser', 'chief_judge', 'auditor']
const TABS: Tab[] = [
  { name: 'overview', roles: [] },
  { name: 'scheme', roles: RUNNING },
  { name: 'entries', roles: RUNNING, kinds: ['contest', 'league', 'campaign'] },
  { name: 'proposals', roles: [], kinds: ['drive'] },
  { name: 'judges', roles: RUNNING, kinds: ['contest', 'drive', 'campaign'] },
  { name: 'record', roles: RUNNING, kinds: ['contest'] },
  { name: 'indicators', roles: [...RUNNING, 'contestant'], kinds: ['league', 'campaign'] },
  { name: 'contributions', roles: RUNNING, kinds: ['campaign'] },
  { name: 'control', roles: RUNNING },
  { name: 'results', roles: RUNNING },
  { name: 'charts', roles: RUNNING },
  { name: 'reveal', roles: ['organiser'] },
]

/** The pages of a board that this person has something to do on. */
export function tabsOf(board: BoardBody, may: (...roles: Role[]) => boolean): string[] {
  return TABS.filter(
    (tab) => (!tab.roles.length || may(...tab.roles)) && (!tab.kinds || tab.kinds.includes(board.kind)),
  ).map((tab) => tab.name)
}

/** The tab under which a page is found. */
export function tabOf(page: string): string {
  return page === 'start-list' ? 'entries' : page
}
