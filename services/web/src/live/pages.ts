/** Which pages of a long list are looked at, and which may be forgotten. Pure. */

/** The pages that rows `first` to `last` stand on. */
export function pagesOf(first: number, last: number, size: number): number[] {
  const from = Math.max(0, Math.floor(first / size))
  const to = Math.max(from, Math.floor(last / size))
  return Array.from({ length: to - from + 1 }, (_, step) => from + step)
}

/** Of the kept pages those that are further than three from all that is looked at. */
export function farPages(kept: Iterable<number>, looked: readonly number[]): number[] {
  return [...kept].filter((page) => looked.every((each) => Math.abs(each - page) > 3))
}

/** The numbers of the rows in sight, and `over` more on each side, where the list begins `top` above the window. */
export function rowsInSight(top: number, room: number, height: number, count: number, over: number): number[] {
  const first = Math.max(0, Math.floor(top / height) - over)
  const end = Math.min(count, Math.ceil((top + room) / height) + over)
  return Array.from({ length: Math.max(0, end - first) }, (_, step) => first + step)
}
