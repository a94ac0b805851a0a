/** Tablets by number, in the order in which they came: a device's own id says nothing to anybody. */
import type { JudgeLink } from '../types'

export function numbered(links: readonly JudgeLink[]): Map<string, number> {
  const came = links.filter((link) => link.device).sort((one, other) => (one.exchanged_at ?? '').localeCompare(other.exchanged_at ?? ''))
  return new Map([...new Set(came.map((link) => link.device))].map((device, at) => [device, at + 1]))
}
